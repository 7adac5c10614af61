/// A file that TLS needs and that will not do.
public struct TLSFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the file is for.
    public enum Role: String, Sendable, Hashable {
        case certificate = "TLS certificate"
        case key = "TLS key"
        case clientCA = "client CA"
    }

    public enum Problem: Sendable, Hashable {
        case missing
        /// It is there and cannot be read; in the system's words.
        case unreadable(String)
        case empty
        /// Larger than any such file: 1 MiB.
        case tooLarge
        /// It holds no PEM block of the kind that is wanted.
        case notPEM
        /// There is such a block, and what it holds is damaged, or of a kind that is not supported.
        case damaged
        /// The key is protected by a passphrase.
        case encrypted
        /// The key belongs to another certificate than the first one of the certificate's file.
        case doesNotFit
    }

    public let role: Role
    public let path: String
    public let problem: Problem

    public init(role: Role, path: String, problem: Problem) {
        self.role = role
        self.path = path
        self.problem = problem
    }

    /// A sentence for whoever runs the server: `TLS key /etc/wharf/key.pem: does not belong to the certificate`.
    public var description: String {
        "\(role.rawValue) \(path): \(explanation)"
    }

    private var explanation: String {
        switch problem {
        case .missing: "no such file"
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .empty: "is empty"
        case .tooLarge: "is larger than 1 MiB"
        case .notPEM: role == .key ? "holds no private key in PEM" : "holds no certificate in PEM"
        case .damaged: role == .key ? "holds a private key that is damaged or not supported" : "holds a damaged certificate"
        case .encrypted: "is encrypted; a key without passphrase is needed"
        case .doesNotFit: "does not belong to the certificate"
        }
    }
}
