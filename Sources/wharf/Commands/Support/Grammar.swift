import ImageModel

/// Reads the arguments of commands; what is none says how one is written.
enum Grammar {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    @Sendable static func userName(_ text: String) throws -> UserName {
        try value(
            UserName(text),
            "a name has 4 to 30 small letters, digits and underscores, and is none of the words that addresses use, such as library or users"
        )
    }

    @Sendable static func emailAddress(_ text: String) throws -> EmailAddress {
        try value(EmailAddress(text), "an e-mail address is written as alice@example.com")
    }

    @Sendable static func repositoryName(_ text: String) throws -> RepositoryName {
        try value(
            RepositoryName(text),
            "a repository's name has small letters, digits, `_`, `-` and `.`, and slashes between its parts, as in team/app; at most 255 bytes"
        )
    }

    @Sendable static func pattern(_ text: String) throws -> RepositoryPattern {
        try value(
            RepositoryPattern(text),
            "it is a repository's name in small letters, in which * stands for any run of characters: team/app, 'team/*'")
    }

    /// A namespace is whatever can be the first part of a repository's name.
    @Sendable static func namespace(_ text: String) throws -> String {
        try value(
            RepositoryName(components: [text, "x"]).map { _ in text }, "a namespace has small letters, digits, `_`, `-` and `.`")
    }

    /// The name that its owner gives a key.
    @Sendable static func keyName(_ text: String) throws -> String {
        let isOne =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_-.".utf8.contains(byte)
                }
            }
        return try value(isOne ? text : nil, "a key's name has 1 to 64 letters, digits, `_`, `-` and `.`")
    }

    @Sendable static func access(_ text: String) throws -> Access {
        try value(Access(rawValue: text), "it is read, write or admin")
    }

    /// How long something is good, in seconds.
    @Sendable static func lifetime(_ text: String) throws -> Int64 {
        let span = TimeSpan.parse(text).flatMap { (.seconds(60)...(.seconds(3650 * 86_400))).contains($0) ? $0 : nil }
        return try value(span?.components.seconds, "it is a time from 1m to 3650d, as in 12h or 30d")
    }

    @Sendable static func workplace(_ text: String) throws -> Workplace {
        if text.contains("/") { return .repository(try repositoryName(text)) }
        return .organization(try userName(text))
    }

    @Sendable static func description(_ text: String) throws -> String {
        let isOne = text.utf8.count <= 1024 && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return try value(isOne ? text : nil, "a description is one line of at most 1024 bytes")
    }

    private static func value<Value>(_ value: Value?, _ grammar: String) throws -> Value {
        guard let value else { throw Refusal(description: grammar) }
        return value
    }
}

/// Where somebody is a member: in an organization, or, as a collaborator, in one repository.
enum Workplace: Sendable {
    case organization(UserName)
    case repository(RepositoryName)

    var shown: String {
        switch self {
        case .organization(let name): name.text
        case .repository(let name): name.shown
        }
    }
}
