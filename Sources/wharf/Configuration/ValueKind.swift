/// What the text of a setting may be, and what it means.
struct ValueKind<Value: Sendable>: Sendable {
    /// Stands for the value in usage lines, such as `SIZE`.
    let placeholder: String
    /// Completes "accepted is …", with limits and units.
    let accepted: String
    /// Nil for any text that is not accepted.
    let parse: @Sendable (String) -> Value?
    /// The shortest text that ``parse`` reads as this value.
    let format: @Sendable (Value) -> String
}
