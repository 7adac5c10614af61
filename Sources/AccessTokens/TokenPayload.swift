import FoundationEssentials
import JWTKit

/// The claims as they are written (RFC 7519 §4.1).
struct TokenPayload: JWTPayload {
    let iss: String
    let sub: String?
    let aud: Audience
    let exp: NumericDate
    let nbf: NumericDate?
    let iat: NumericDate?
    let jti: String?
    let access: [GrantedScope]?
    let wharf: BoundCredential?

    /// Claims are judged by ``TokenVerifier``, which knows the time and the service.
    func verify(using algorithm: some JWTAlgorithm) {}

    /// One name or a list of them.
    struct Audience: Codable {
        let names: [String]

        init(_ name: String) { names = [name] }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) {
                names = [name]
            } else {
                names = try container.decode([String].self)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let name = names.first, names.count == 1 { try container.encode(name) } else { try container.encode(names) }
        }
    }

    /// Seconds since 1970, of which some issuers write parts.
    struct NumericDate: Codable {
        let seconds: Double

        init(_ seconds: Int64) { self.seconds = Double(seconds) }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            seconds = try container.decode(Double.self)
            // Beyond it a Double is no longer a whole number of seconds, and nobody's clock.
            guard abs(seconds) < 9_007_199_254_740_992 else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(Int64(seconds))
        }
    }

    struct BoundCredential: Codable {
        let key: Int64?
        let stamp: String
    }
}
