/// Metrics as Prometheus reads them ("Exposition formats", text format 0.0.4).
struct Exposition {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var bytes: [UInt8] = []

    /// Begins a family; all of its samples follow at once.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        append("# HELP \(name) ")
        appendEscaped(help, quotes: false)
        append("\n# TYPE \(name) \(kind.rawValue)\n")
    }

    /// - Parameters:
    ///   - bound: of a histogram's bucket.
    ///   - value: a number as Go's `ParseFloat` reads it.
    mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String> = [:], bound: String? = nil, _ value: String) {
        append(name)
        var mark = "{"
        for (label, text) in labels {
            append("\(mark)\(label)=\"")
            appendEscaped(text, quotes: true)
            append("\"")
            mark = ","
        }
        if let bound {
            append("\(mark)le=\"\(bound)\"")
            mark = ","
        }
        append("\(mark == "{" ? "" : "}") \(value)\n")
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }
}
