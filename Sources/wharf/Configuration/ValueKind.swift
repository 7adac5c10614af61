/// What the text of a setting may be, and what it means.
struct ValueKind<Value: Sendable>: Sendable {
    /// Stands for the value in usage lines, such as `SIZE`.
    let placeholder: String
    /// Completes "accepted is …", with limits and units.
    let accepted: String
    /// Whether the file may write it as a YAML sequence; ``parse`` gets its elements with commas between them.
    let isList: Bool
    /// Nil for any text that is not accepted.
    let parse: @Sendable (String) -> Value?
    /// The shortest text that ``parse`` reads as this value.
    let format: @Sendable (Value) -> String

    init(
        placeholder: String, accepted: String, isList: Bool = false, parse: @escaping @Sendable (String) -> Value?,
        format: @escaping @Sendable (Value) -> String
    ) {
        self.placeholder = placeholder
        self.accepted = accepted
        self.isList = isList
        self.parse = parse
        self.format = format
    }
}
