/// The name of a repository, with its namespace: `library/ubuntu`, `team/app`, `team/sub/app`.
///
/// `foo` and `library/foo` are one repository: engines write both forms within one pull (v1.md §3.5). Components follow the v1
/// grammar `[a-z0-9_.-]+`, which is wider than OCI's; upper case is refused in every dialect.
public struct RepositoryName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes, as a whole: what a column, a log line and a path of every dialect bear.
    public static let lengthLimit = 255
    /// The namespace of names that are written without one.
    public static let defaultNamespace = "library"

    /// The whole name with its namespace; the form that is stored.
    public let text: String

    /// Nil unless every component follows the grammar and the whole is within ``lengthLimit``.
    public init?(_ text: some StringProtocol) {
        self.init(components: text.split(separator: "/", omittingEmptySubsequences: false))
    }

    /// Nil for no component, and for any that does not follow the grammar.
    public init?(components: some Collection<some StringProtocol>) {
        guard !components.isEmpty, components.allSatisfy({ Self.isComponent($0) }) else { return nil }
        let joined = components.joined(separator: "/")
        let text = components.count == 1 ? "\(Self.defaultNamespace)/\(joined)" : joined
        guard text.utf8.count <= Self.lengthLimit else { return nil }
        self.text = text
    }

    /// The first component.
    public var namespace: Substring { text.prefix { $0 != "/" } }

    /// The name as people see it: `ubuntu` for `library/ubuntu`, otherwise the whole.
    public var shown: String {
        let rest = text.dropFirst(Self.defaultNamespace.count + 1)
        return namespace == Self.defaultNamespace && !rest.contains("/") ? String(rest) : text
    }

    public var description: String { text }

    private static func isComponent(_ component: some StringProtocol) -> Bool {
        !component.isEmpty && component != "." && component != ".."
            && component.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
