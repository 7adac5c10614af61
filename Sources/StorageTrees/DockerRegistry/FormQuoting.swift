/// The quoting by which docker-registry makes file names: a space is `+`, and what is no letter, digit, `_`, `.` or `-` is `%XX`
/// (v1.md §8).
enum FormQuoting {
    /// What the name stands for; nil when that is no UTF-8. A `%` without two digits stands for itself, as it does for Python.
    static func unquote(_ name: some StringProtocol) -> String? {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
