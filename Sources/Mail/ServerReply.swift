import FoundationEssentials

/// The last thing that the server said: the lines of one reply (RFC 5321 §4.2.1), as many as fit.
struct ServerReply {
    /// More than is shown, so that a secret is whole when it is looked for.
    private static let limit = 4096

    /// With the ends of lines.
    private(set) var text = ""
    private var pending: [UInt8] = []

    mutating func append(_ line: UnsafeRawBufferPointer) {
        pending.append(contentsOf: line.prefix(Self.limit - pending.count))
        // `250-` goes on, `250 ` or `250` is the last.
        guard line.count < 4 || line[3] != UInt8(ascii: "-") else { return }
        // The farewell after a refusal says nothing about it.
        if !pending.starts(with: "221".utf8) { text = String(decoding: pending, as: UTF8.self) }
        pending = []
    }

    /// The code, if it says no: 400 to 599.
    var refusal: Int? {
        guard let code = Int(text.prefix(3)), (400...599).contains(code) else { return nil }
        return code
    }
}

/// What a server could say back to us of a login, and nobody shall read in a log.
struct Secrets {
    private let spellings: [String]

    init(_ login: MailServer.Login) {
        let password = Array(login.password.utf8)
        // AUTH PLAIN (RFC 4616 §2) and AUTH LOGIN.
        let coded = [[0] + Array(login.user.utf8) + [0] + password, password].map { Data($0).base64EncodedString() }
        spellings = password.isEmpty ? [] : coded + [login.password]
    }

    func hidden(in text: String) -> String {
        spellings.reduce(text) { $0.split(separator: $1, omittingEmptySubsequences: false).joined(separator: "***") }
    }
}

enum LogText {
    /// Characters that are shown.
    static let limit = 500

    /// One line of at most ``limit`` characters: ends of lines become blanks, and what could move a terminal's cursor or turn the direction
    /// becomes `?`.
    static func line(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                scalar == "\n" || scalar == "\t" ? " " : scalar == "\r" ? "\r" : "?"
            default: Character(scalar)
            }
        }
        let line = String(scalars.filter { $0 != "\r" }).split(separator: " ").joined(separator: " ")
        return line.count <= limit ? line : line.prefix(limit - 1) + "…"
    }
}
