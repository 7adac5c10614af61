import Crypto
import FoundationEssentials
import ImageModel

/// Signs what Wharf makes, with a key of its own (v1.md §10.4). Engines ask only that there is a right signature.
public struct ManifestSigner: Sendable {
    private let key: P256.Signing.PrivateKey
    /// The public key's name in libtrust's form.
    public let keyID: String
    private let header: String

    /// - Parameter privateKey: the scalar of a P-256 key, 32 bytes.
    /// - Throws: if it is no such number.
    public init(privateKey: [UInt8]) throws {
        key = try P256.Signing.PrivateKey(rawRepresentation: privateKey)
        keyID = KeyID.of(key.publicKey.derRepresentation)
        let point = Array(key.publicKey.rawRepresentation)
        let (x, y) = (SignedDocument.base64URL(point.prefix(32)), SignedDocument.base64URL(point.suffix(32)))
        header = #"{"jwk":{"crv":"P-256","kid":"\#(keyID)","kty":"EC","x":"\#(x)","y":"\#(y)"},"alg":"ES256"}"#
    }

    /// A private key for ``init(privateKey:)``. It has to be kept secret.
    public static func newKey() -> [UInt8] { Array(P256.Signing.PrivateKey().rawRepresentation) }

    /// The document with its signature; another signature each time.
    ///
    /// - Parameters:
    ///   - payload: an object of JSON.
    ///   - time: in seconds since 1970.
    /// - Throws: if the payload is no object, or the key does not sign.
    public func sign(_ payload: [UInt8], at time: Int64) throws -> [UInt8] {
        let time = Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601)
        guard let protected = SignedDocument.protected(payload: payload, time: time) else { throw SignedDocument.Refusal.notAnObject }
        let signature = try key.signature(for: Data(SignedDocument.signingInput(protected, payload: payload))).rawRepresentation
        let text = SignedDocument.base64URL(signature)
        let json = #"{"header":\#(header),"signature":"\#(text)","protected":"\#(protected)"}"#
        guard let document = SignedDocument.assemble(payload: payload, signatures: [Array(json.utf8)]) else {
            throw SignedDocument.Refusal.notAnObject
        }
        return document
    }
}
