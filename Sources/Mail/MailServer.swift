/// The server that takes our messages, and how to speak to it.
public struct MailServer: Sendable, Equatable {
    /// A name and a password for the server. Neither has a NUL.
    public struct Login: Sendable, Equatable {
        public let user: String
        public let password: String

        public init?(user: String, password: String) {
            guard !user.isEmpty, !user.utf8.contains(0), !password.utf8.contains(0) else { return nil }
            self.user = user
            self.password = password
        }
    }

    public let address: Address
    public let login: Login?
    /// On `smtp`: nothing is sent, not even the login, before STARTTLS (RFC 3207); a server without it is refused. If false, everything
    /// goes in clear text. `smtps` is TLS from the first byte.
    public let requiresTLS: Bool
    /// A PEM file of the authorities to believe instead of the system's.
    public let caFile: String?
    /// For the whole of one message, from looking the name up to the server's last word.
    public let timeout: Duration

    public init(_ address: Address, login: Login? = nil, requiresTLS: Bool = true, caFile: String? = nil, timeout: Duration = .seconds(30))
    {
        self.address = address
        self.login = login
        self.requiresTLS = requiresTLS
        self.caFile = caFile
        self.timeout = timeout
    }
}

extension MailServer.Login: CustomStringConvertible {
    /// Without the password: this may come into a log.
    public var description: String { user }
}

extension MailServer {
    /// `smtp://host:port` or `smtps://host:port`.
    public struct Address: Sendable, Equatable, CustomStringConvertible {
        public enum Scheme: String, Sendable {
            case smtp, smtps

            /// For the submission of messages: RFC 6409 §3.1 and RFC 8314 §3.3.
            var port: Int {
                switch self {
                case .smtp: 587
                case .smtps: 465
                }
            }
        }

        public let scheme: Scheme
        /// A name or an IPv4 address, or an IPv6 address in brackets.
        public let host: String
        public let port: Int

        /// Nil unless `text` is a scheme, a host and perhaps a port; 587 and 465 are understood. A user, a path or a query do not belong
        /// here.
        public init?(_ text: String) {
            guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()) else { return nil }
            let rest = text[colon...].dropFirst()
            guard rest.hasPrefix("//") else { return nil }
            let authority = rest.dropFirst(2)
            let host: Substring
            if authority.hasPrefix("[") {
                guard let end = authority.firstIndex(of: "]") else { return nil }
                host = authority[...end]
                guard host.dropFirst().dropLast().utf8.allSatisfy(Self.isAddressDigit), host.count > 4 else { return nil }
            } else {
                host = authority.prefix { $0 != ":" }
                guard !host.isEmpty, host.utf8.count <= 253, host.utf8.first != UInt8(ascii: "-"), host.utf8.allSatisfy(Self.isHostDigit)
                else {
                    return nil
                }
            }
            let suffix = authority[host.endIndex...]
            if suffix.isEmpty {
                port = scheme.port
            } else {
                guard suffix.hasPrefix(":"), let number = Int(suffix.dropFirst()), String(number) == suffix.dropFirst(),
                    (1...65535).contains(number)
                else { return nil }
                port = number
            }
            self.scheme = scheme
            self.host = String(host)
        }

        public var description: String { "\(scheme.rawValue)://\(host):\(port)" }

        private static func isHostDigit(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }

        private static func isAddressDigit(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "0")...UInt8(ascii: ":"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
