extension PasswordFile {
    /// Why a file cannot be taken. Its description is for an administrator and says what to do; it never holds a hash or a password.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// Counted from 1; nil when it is the whole file.
        public let line: Int?
        public let reason: Reason

        public var description: String {
            guard let line else { return "\(reason)" }
            return "line \(line): \(reason)"
        }
    }

    public enum Reason: Error, Equatable, Sendable, CustomStringConvertible {
        case tooLarge
        case notUTF8
        case noColon
        case badName
        case duplicateName(String)
        case kind(Kind, name: String)
        case cost(Int, name: String)

        public var description: String {
            switch self {
            case .tooLarge: "the file is larger than 1 MiB"
            case .notUTF8: "not UTF-8"
            case .noColon: "no colon between a name and a hash"
            case .badName: "a name is 1 to 255 of the characters A-Z a-z 0-9 . _ @ -"
            case .duplicateName(let name): "\(name) is named a second time"
            case .kind(let kind, let name):
                "the password of \(name) is \(kind); only bcrypt is taken: set it anew with `htpasswd -B FILE \(name)`"
            case .cost(let cost, let name):
                "the bcrypt hash of \(name) has cost \(cost); 4 to 17 are taken: set it anew with `htpasswd -B -C 10 FILE \(name)`"
            }
        }
    }

    /// What stands there instead of a bcrypt hash (Apache httpd, "Password Formats"; crypt(5)).
    public enum Kind: Equatable, Sendable, CustomStringConvertible {
        case sha1, apr1, md5Crypt, sha256Crypt, sha512Crypt, otherCrypt, damagedBcrypt, empty, plainOrDES

        init(_ stored: Substring) {
            let kinds: [(String, Kind)] = [
                ("{SHA}", .sha1), ("$apr1$", .apr1), ("$1$", .md5Crypt), ("$5$", .sha256Crypt), ("$6$", .sha512Crypt),
                ("$2", .damagedBcrypt),
                ("$", .otherCrypt),
            ]
            self = stored.isEmpty ? .empty : kinds.first { stored.hasPrefix($0.0) }?.1 ?? .plainOrDES
        }

        public var description: String {
            switch self {
            case .sha1: "an unsalted SHA-1 hash ({SHA})"
            case .apr1: "an MD5 hash of Apache's kind ($apr1$)"
            case .md5Crypt: "an MD5 hash of crypt ($1$)"
            case .sha256Crypt: "a SHA-256 hash of crypt ($5$)"
            case .sha512Crypt: "a SHA-512 hash of crypt ($6$)"
            case .otherCrypt: "a hash of another kind"
            case .damagedBcrypt: "no whole bcrypt hash, or none that begins with $2a$, $2b$ or $2y$"
            case .empty: "missing"
            case .plainOrDES: "plain text, or a DES hash of crypt"
            }
        }
    }
}
