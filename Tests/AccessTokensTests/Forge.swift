import Crypto
import Foundation

@testable import AccessTokens

/// Tokens made by hand, with whatever in them.
enum Forge {
    static let now: Int64 = 1_400_000_000
    static let verifier = TokenVerifier(issuer: "https://auth.example.com", audience: "registry.example.com")
    static let payload = """
        {"iss":"https://auth.example.com","sub":"alice","aud":"registry.example.com","exp":1400000300,"iat":1400000000,"nbf":1400000000,\
        "jti":"one","access":[{"type":"repository","name":"team/app","actions":["pull"]}]}
        """

    static func token(
        _ header: String, _ payload: String = payload, signing: (Data) throws -> Data = { _ in Data() }
    ) throws -> String {
        let signed = "\(Base64URLText.encode(header.utf8)).\(Base64URLText.encode(payload.utf8))"
        return "\(signed).\(Base64URLText.encode(try signing(Data(signed.utf8))))"
    }

    static func token(_ header: String, _ payload: String = payload, by key: P256.Signing.PrivateKey) throws -> String {
        try token(header, payload) { try key.signature(for: $0).rawRepresentation }
    }

    /// What the verifier says of the token: the refusal, or nil.
    static func refusal(of token: String, key: (String?) -> VerificationKey?, now: Int64 = now) -> TokenRefusal? {
        do throws(TokenRefusal) {
            _ = try verifier.claims(of: token, key: key, now: now)
            return nil
        } catch {
            return error
        }
    }
}
