import ImageModel

extension ValueKind<Bool> {
    static let bool = ValueKind(
        placeholder: "true|false", accepted: "true, false", parse: { $0 == "true" ? true : $0 == "false" ? false : nil },
        format: { $0 ? "true" : "false" })
}

extension ValueKind<String> {
    /// Whatever another program gave out, such as a password: one line, as it is.
    static func text(_ placeholder: String) -> ValueKind {
        ValueKind(
            placeholder: placeholder, accepted: "a text of one line",
            parse: { text in
                text.isEmpty || text.unicodeScalars.contains { $0.properties.generalCategory == .control } ? nil : text
            },
            format: { $0 })
    }
}

extension ValueKind<EmailAddress> {
    static let emailAddress = ValueKind(
        placeholder: "ADDRESS", accepted: "an e-mail address, such as wharf@example.com", parse: { EmailAddress($0) }, format: { $0.text })
}

extension ValueKind<[String]> {
    /// Names of callers, of whatever kind `auth` knows.
    static let callerNames = ValueKind.list(
        of: ValueKind<String>(
            placeholder: "NAME", accepted: CallerName.accepted, parse: { CallerName.isOne($0) ? $0 : nil }, format: { $0 }),
        "each is \(CallerName.accepted)", identity: { $0 })
}

/// The name of a caller: that of an account, of a line of the password file, or of a client certificate.
enum CallerName {
    static let accepted = "a name of 1 to 255 bytes without spaces, commas and colons, and without @ at its beginning"

    static func isOne(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && !text.hasPrefix("@")
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
                default: scalar != "," && scalar != ":"
                }
            }
    }
}
