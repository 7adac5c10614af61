/// Which half of the v1 protocol a server is (v1.md §1).
enum Role: String, CaseIterable, Sendable {
    case all, index, registry
}

/// Who may make an account.
enum Registration: String, CaseIterable, Sendable {
    case open
    /// Whoever has the code of an invitation.
    case invitation
    case closed
}

/// What makes a registered account usable.
enum Activation: String, CaseIterable, Sendable {
    case atOnce = "at_once"
    case administrator
    /// Following the link of a mail to its address.
    case mail
}

enum Visibility: String, CaseIterable, Sendable {
    case `public`, `private`
}

enum TLSVersion: String, CaseIterable, Sendable {
    case tls10 = "1.0"
    case tls11 = "1.1"
    case tls12 = "1.2"
    case tls13 = "1.3"
}

enum ClientCertificates: String, CaseIterable, Sendable {
    case optional, required
}

/// Which manifests may name what the repository does not hold.
enum SparseManifests: String, CaseIterable, Sendable {
    case refuse
    /// An index, for the manifests that it lists.
    case index
    case any
}

/// Where the lines of the audit log go.
enum AuditDestination: Hashable, Sendable {
    case file(String)
    case standardError
    case off
}

extension ValueKind<AuditDestination> {
    static let auditDestination = ValueKind(
        placeholder: "FILE", accepted: "a path, - (standard error), off",
        parse: { text in
            switch text {
            case "-": .standardError
            case "off": .off
            default: ValueKind<String>.path("FILE").parse(text).map { .file($0) }
            }
        },
        format: { destination in
            switch destination {
            case .file(let path): path
            case .standardError: "-"
            case .off: "off"
            }
        })
}
