/// Bytes as digits of a few bits each, without padding (RFC 4648 §3.2), and back again. Exactly one text stands for some bytes: bits left
/// over in the last digit are zero (§3.5), and what is no digit is refused (§3.3).
struct BitDigits: Sendable {
    static let base64URL = BitDigits(6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    static let base64 = BitDigits(6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    /// RFC 4648 §6 in lower case.
    static let base32 = BitDigits(5, "abcdefghijklmnopqrstuvwxyz234567")

    private let width: Int
    private let digits: [UInt8]
    private let values: [UInt8?]

    private init(_ width: Int, _ digits: String) {
        self.width = width
        self.digits = Array(digits.utf8)
        var values = [UInt8?](repeating: nil, count: 256)
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.underestimatedCount * 8 + width - 1) / width)
        var pending: UInt32 = 0
        var held = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            held += 8
            while held >= width {
                held -= width
                text.append(digit(pending >> held))
            }
        }
        if held > 0 { text.append(digit(pending << (width - held))) }
        return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * width / 8)
        var pending: UInt32 = 0
        var held = 0
        for digit in text.utf8 {
            guard let value = values[Int(digit)] else { return nil }
            pending = pending << width | UInt32(value)
            held += width
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> held))
            }
        }
        // A whole digit left over is one too many.
        guard held < width, pending & (1 << held - 1) == 0 else { return nil }
        return bytes
    }

    private func digit(_ bits: UInt32) -> UInt8 { digits[Int(bits) & (1 << width - 1)] }
}
