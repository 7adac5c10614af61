import Credentials

/// Makes refresh tokens, and tells which it has made. One is good for new access tokens and for nothing else: it is no access token,
/// because it has no dots, and no repository token, because it is signed for another purpose.
struct RefreshSeal: Sendable {
    struct Content: Hashable, Sendable {
        /// Seconds since 1970.
        let issuedAt: Int64
        let binding: TokenBinding
    }

    private static let version: UInt8 = 1
    private static let macLength = 32
    /// Letters of a token at most: of the longest name.
    private static let lengthLimit = 512

    private let signer: Signer

    /// Nil when the key is too short.
    init?(key: [UInt8]) {
        guard let signer = Signer(key: key, purpose: "refresh token") else { return nil }
        self.signer = signer
    }

    /// Nil for a binding to nobody.
    func token(for binding: TokenBinding, at time: Int64) -> String? {
        let name = Array(binding.name.utf8)
        guard !name.isEmpty, name.count <= 255 else { return nil }
        let body = [Self.version] + SealedBytes.bytes(time) + SealedBytes.bytes(binding.key ?? 0) + binding.stamp + name
        return Base64URL.encode(body + signer.sign(body))
    }

    /// Nil unless this seal, or one with the same key, has made the token.
    func open(_ text: String) -> Content? {
        guard text.utf8.count <= Self.lengthLimit, let bytes = Base64URL.decode(text), bytes.count > Self.macLength,
            bytes.first == Self.version
        else { return nil }
        let body = Array(bytes.dropLast(Self.macLength))
        guard signer.isValid(Array(bytes.suffix(Self.macLength)), for: body) else { return nil }
        var reader = body.dropFirst()
        guard let issuedAt = SealedBytes.integer(&reader), let key = SealedBytes.integer(&reader), reader.count > TokenBinding.stampLength
        else { return nil }
        let stamp = Array(reader.prefix(TokenBinding.stampLength))
        guard let name = String(validating: reader.dropFirst(TokenBinding.stampLength), as: UTF8.self) else { return nil }
        return Content(issuedAt: issuedAt, binding: TokenBinding(name: name, key: key == 0 ? nil : key, stamp: stamp))
    }
}

/// Numbers in what is sealed.
enum SealedBytes {
    static func bytes(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    static func integer(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        guard bytes.count >= 8 else { return nil }
        defer { bytes = bytes.dropFirst(8) }
        return bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
