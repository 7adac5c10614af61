/// How a line of the log is written. Both formats hold one event a line and the same names.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `name=value` pairs; a value that is not one plain word stands in quotation marks, escaped as in JSON.
    case text
    /// One JSON object a line (RFC 8259, UTF-8).
    case json
}
