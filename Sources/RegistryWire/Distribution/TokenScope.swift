public import ImageModel

/// What a token is asked for, or may be used for: `repository:team/app:pull,push` (Docker's "Token Scope Documentation").
public struct TokenScope: Hashable, Sendable, CustomStringConvertible {
    public enum Resource: Hashable, Sendable {
        case repository(RepositoryName)
        /// A part of the registry that is no repository's; `catalog` is the only one that there is.
        case registry(String)
    }

    /// How many resources one request can name.
    public static let countLimit = 100

    public let resource: Resource
    /// `pull`, `push`, `delete` and `*` mean something; others are carried along. Never empty.
    public let actions: Set<String>

    /// - Parameter actions: as in the text form; an empty set asks for nothing and is no scope.
    public init?(_ resource: Resource, _ actions: Set<String>) {
        guard !actions.isEmpty, actions.allSatisfy(Self.isAction) else { return nil }
        self.resource = resource
        self.actions = actions
    }

    /// Nil for another resource type than `repository` and `registry`, for a name with a host and a port before it, and for what does not
    /// follow the grammar. A class in parentheses, as in `repository(plugin):…`, is left out.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        guard let head = text.firstIndex(of: ":"), let tail = text.lastIndex(of: ":"), head < tail else { return nil }
        let name = text[text.index(after: head)..<tail]
        let resource: Resource? =
            switch Self.type(text[..<head]) {
            case "repository": RepositoryName(name).map(Resource.repository)
            case "registry": Self.isWord(name) ? .registry(String(name)) : nil
            default: nil
            }
        let actions = text[text.index(after: tail)...].split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        guard let resource else { return nil }
        self.init(resource, Set(actions))
    }

    /// The scopes that `texts` hold, each of which may hold several with spaces between. What cannot be read is left out, actions on one
    /// resource are joined, and only the first ``countLimit`` resources count.
    public static func list(_ texts: [String]) -> [TokenScope] {
        var resources: [Resource] = []
        var actions: [Resource: Set<String>] = [:]
        for text in texts.lazy.flatMap({ $0.split(separator: " ") }) {
            guard let scope = TokenScope(text) else { continue }
            if actions[scope.resource] == nil {
                guard resources.count < countLimit else { continue }
                resources.append(scope.resource)
            }
            actions[scope.resource, default: []].formUnion(scope.actions)
        }
        return resources.compactMap { resource in actions[resource].flatMap { TokenScope(resource, $0) } }
    }

    /// `repository` or `registry`.
    public var type: String {
        switch resource {
        case .repository: "repository"
        case .registry: "registry"
        }
    }

    /// The resource's name, a repository's as people see it.
    public var name: String {
        switch resource {
        case .repository(let name): name.shown
        case .registry(let name): name
        }
    }

    /// `pull` and `push` first, as engines write them, then the others by the alphabet.
    public var orderedActions: [String] {
        let first = ["pull", "push"].filter(actions.contains)
        return first + actions.subtracting(first).sorted()
    }

    public var description: String { "\(type):\(name):\(orderedActions.joined(separator: ","))" }

    /// Without the class.
    private static func type(_ text: Substring) -> Substring? {
        guard let opening = text.firstIndex(of: "(") else { return text }
        let inside = text[text.index(after: opening)...].dropLast()
        return text.last == ")" && isWord(inside) ? text[..<opening] : nil
    }

    private static func isAction(_ text: String) -> Bool {
        text == "*" || (!text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
    }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
