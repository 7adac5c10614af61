import Logging

/// Writes one event as a line of bytes, in either format, without building strings or dictionaries.
struct LineWriter {
    /// More of one value than this helps nobody who reads a log.
    static let defaultValueLimit = 16_384

    let format: LogFormat
    var bytes: [UInt8] = []

    init(format: LogFormat) {
        self.format = format
        bytes.reserveCapacity(512)
    }

    /// Starts a line: its time and level.
    mutating func begin(_ level: Logger.Level, at time: LogTime) {
        switch format {
        case .text: bytes.append("time=")
        case .json: bytes.append("{\"time\":\"")
        }
        time.append(to: &bytes)
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
        word("level", level.name)
    }

    mutating func end() {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A value of the program's own, which needs no escaping.
    mutating func word(_ name: StaticString, _ value: StaticString) {
        key(name)
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
        bytes.append(value)
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
    }

    mutating func number(_ name: StaticString, _ value: Int) {
        key(name)
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.appendDecimal(UInt64(value.magnitude))
    }

    /// A duration in milliseconds with three decimal places, from 0 to some thirty years.
    mutating func milliseconds(_ name: StaticString, _ duration: Duration) {
        key(name)
        let (seconds, attoseconds) = duration.components
        let microseconds = max(0, min(max(seconds, -1), 1_000_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000)
        bytes.appendDecimal(UInt64(microseconds / 1000))
        bytes.append(UInt8(ascii: "."))
        bytes.appendThreeDigits(Int(microseconds % 1000))
    }

    /// Anything at all, such as what a client sent; see ``Swift/Array/appendEscaped(_:limit:)``.
    mutating func text(_ name: StaticString, _ value: String, limit: Int = defaultValueLimit) {
        key(name)
        self.value(value, limit: limit)
    }

    mutating func text(name: String, _ value: String) {
        key(name: name)
        self.value(value, limit: Self.defaultValueLimit)
    }

    mutating func key(_ name: StaticString) {
        switch format {
        case .text:
            bytes.append(UInt8(ascii: " "))
            bytes.append(name)
            bytes.append(UInt8(ascii: "="))
        case .json:
            bytes.append(",\"")
            bytes.append(name)
            bytes.append("\":")
        }
    }

    /// A name that the program did not fix, such as a metadata key.
    mutating func key(name: String) {
        switch format {
        case .text:
            bytes.append(UInt8(ascii: " "))
            value(name, limit: 256)
            bytes.append(UInt8(ascii: "="))
        case .json:
            bytes.append(UInt8(ascii: ","))
            value(name, limit: 256)
            bytes.append(UInt8(ascii: ":"))
        }
    }

    mutating func value(_ value: String, limit: Int = defaultValueLimit) {
        var value = value
        value.withUTF8 { utf8 in
            // Without branches, so that the compiler looks at many bytes at a time.
            var needsEscape: UInt8 = utf8.count > limit ? 1 : 0
            var needsQuotes: UInt8 = utf8.isEmpty ? 1 : 0
            for byte in utf8 {
                needsEscape |= byte.needsEscapeInLog
                needsQuotes |= byte.needsQuotesInLog
            }
            let isQuoted = format == .json || needsEscape | needsQuotes != 0
            if isQuoted { bytes.append(UInt8(ascii: "\"")) }
            if needsEscape == 0 {
                bytes.append(contentsOf: utf8)
            } else {
                bytes.appendEscaped(utf8, limit: limit)
            }
            if isQuoted { bytes.append(UInt8(ascii: "\"")) }
        }
    }
}

extension UInt8 {
    /// 1 for all but printable ASCII and what ends or escapes within quotation marks, otherwise 0.
    var needsEscapeInLog: UInt8 {
        (self &- 0x20 >= 0x5f ? 1 : 0) | (self == UInt8(ascii: "\"") ? 1 : 0) | (self == UInt8(ascii: "\\") ? 1 : 0)
    }

    /// 1 for what would end a word or its name, otherwise 0.
    var needsQuotesInLog: UInt8 { (self == 0x20 ? 1 : 0) | (self == UInt8(ascii: "=") ? 1 : 0) }
}

extension Logger.Level {
    var name: StaticString {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }
}
