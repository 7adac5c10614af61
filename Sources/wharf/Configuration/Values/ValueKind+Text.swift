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
    static let accepted = "a name of 1 to 255 letters, digits, `.`, `_`, `@` and `-`, without @ at its beginning"

    /// As `PasswordFile` takes them, which is wider than what accounts are called; `@` begins the name of a group.
    static func isOne(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && !text.hasPrefix("@")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: ".-_@".utf8.contains(byte)
                }
            }
    }
}
