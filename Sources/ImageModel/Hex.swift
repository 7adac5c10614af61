/// Lower-case hexadecimal, the only spelling that digests and image ids have on the wire.
public enum Hex {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension UInt8 {
    /// `0`–`9` or `a`–`f`; upper case is no spelling of a digest or an id.
    var isLowerHex: Bool { (48...57).contains(self) || (97...102).contains(self) }
}
