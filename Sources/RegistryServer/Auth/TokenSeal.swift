import Credentials
import ImageModel
import RegistryWire

/// Makes tokens, and tells which it has made.
///
/// The signature of a token is opaque to engines, which send it back as it is. It holds when it was made, whom it speaks for and which
/// credential it stands on, and a MAC over these, the repository and the access. Nothing is kept for a token that was made.
struct TokenSeal: Sendable {
    /// What a signature says when its MAC is right.
    struct Content: Hashable, Sendable {
        /// Seconds since 1970.
        let issuedAt: Int64
        let binding: TokenBinding
        /// Names the token where its use is recorded.
        let identifier: [UInt8]
    }

    private static let version: UInt8 = 1
    private static let macLength = 32
    private static let identifierLength = 16
    /// The longest name that a token holds, in bytes.
    private static let nameLengthLimit = 255

    private let tokens: Signer
    private let stamps: Signer

    /// Nil when the key is too short.
    init?(key: [UInt8]) {
        guard let tokens = Signer(key: key, purpose: "repository token"), let stamps = Signer(key: key, purpose: "credential stamp") else {
            return nil
        }
        self.tokens = tokens
        self.stamps = stamps
    }

    func token(_ repository: RepositoryName, _ access: RepositoryToken.Access, for binding: TokenBinding, at time: Int64) -> RepositoryToken
    {
        let nonce = SecretBytes.random(8)
        let name = Array(binding.name.utf8.prefix(Self.nameLengthLimit))
        let body =
            [Self.version] + SealedBytes.bytes(time) + nonce + SealedBytes.bytes(binding.key ?? 0) + binding.stamp + [UInt8(name.count)]
            + name
        let mac = tokens.sign(Self.signed(body, repository, access))
        return RepositoryToken(signature: Base64URL.encode(body + mac), repository: repository, access: access)
    }

    /// Nil unless this seal, or one with the same key, has made the token.
    func open(_ token: RepositoryToken) -> Content? {
        guard let bytes = Base64URL.decode(token.signature), bytes.count > Self.macLength, bytes.first == Self.version else { return nil }
        let body = Array(bytes.dropLast(Self.macLength))
        let mac = Array(bytes.suffix(Self.macLength))
        guard tokens.isValid(mac, for: Self.signed(body, token.repository, token.access)) else { return nil }
        var reader = body.dropFirst()
        guard let issuedAt = SealedBytes.integer(&reader), reader.count > 8 else { return nil }
        reader = reader.dropFirst(8)
        guard let key = SealedBytes.integer(&reader), reader.count > TokenBinding.stampLength else { return nil }
        let stamp = Array(reader.prefix(TokenBinding.stampLength))
        reader = reader.dropFirst(TokenBinding.stampLength)
        guard let length = reader.popFirst(), reader.count == Int(length), let name = String(validating: reader, as: UTF8.self) else {
            return nil
        }
        return Content(
            issuedAt: issuedAt, binding: TokenBinding(name: name, key: key == 0 ? nil : key, stamp: stamp),
            identifier: Array(mac.prefix(Self.identifierLength)))
    }

    /// A short sum of a stored credential, which tells nothing about it without the key.
    func stamp(_ stored: [UInt8]) -> [UInt8] { Array(stamps.sign(stored).prefix(TokenBinding.stampLength)) }

    private static func signed(_ body: [UInt8], _ repository: RepositoryName, _ access: RepositoryToken.Access) -> [UInt8] {
        body + [0] + Array(repository.text.utf8) + [0] + Array(access.rawValue.utf8)
    }
}
