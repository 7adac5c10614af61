/// Base64 for URLs and header fields, without padding (RFC 4648 §5).
public enum Base64URL {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String { BitDigits.base64URL.encode(bytes) }

    /// Nil unless `text` is exactly what ``encode(_:)`` makes of some bytes, so that no two texts mean the same.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? { BitDigits.base64URL.decode(text) }
}
