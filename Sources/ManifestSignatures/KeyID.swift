import Crypto

/// libtrust's name for a public key (v1.md §10.4.7).
enum KeyID {
    /// - Parameter publicKey: DER of its SubjectPublicKeyInfo.
    static func of(_ publicKey: some Sequence<UInt8>) -> String {
        let digits = base32(Array(SHA256.hash(data: Array(publicKey)).prefix(30)))
        return stride(from: 0, to: digits.count, by: 4)
            .map { String(decoding: digits[$0..<($0 + 4)], as: UTF8.self) }.joined(separator: ":")
    }

    /// RFC 4648 §6, of a multiple of five bytes.
    private static func base32(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        return stride(from: 0, to: bytes.count, by: 5).flatMap { start in
            let group = bytes[start..<(start + 5)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (0..<8).map { alphabet[Int(group >> (35 - 5 * UInt64($0)) & 31)] }
        }
    }
}
