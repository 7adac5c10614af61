/// A line as somebody types it at a terminal that does nothing with the keys itself.
struct TypedLine {
    enum End: Equatable {
        case line(String)
        /// Ctrl-C.
        case interrupted
        /// Ctrl-D on an empty line, or no UTF-8.
        case abandoned
    }

    /// Bytes; more than any password has.
    static let limit = 8192

    private var bytes: [UInt8] = []

    /// - Returns: Nil while the line goes on.
    mutating func take(_ byte: UInt8) -> End? {
        switch byte {
        case 0x0a, 0x0d: return String(validating: bytes, as: UTF8.self).map { .line($0) } ?? .abandoned
        case 0x03: return .interrupted
        case 0x04: if bytes.isEmpty { return .abandoned }
        case 0x08, 0x7f: removeLast()
        case 0x15: bytes = []
        default: if bytes.count < Self.limit { bytes.append(byte) }
        }
        return nil
    }

    /// A whole character of UTF-8.
    private mutating func removeLast() {
        while let last = bytes.popLast(), last & 0xc0 == 0x80 {}
    }
}
