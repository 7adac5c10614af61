/// Where an object lies in an object store: path components of `[a-z0-9._-]`, joined by `/`.
///
/// Keys are made by this program from digests and its own random names, never from what a client sent.
public struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    public let components: [String]

    /// Nil for an empty key, an empty component, `.`, `..`, or a byte outside the grammar: a key can never leave its store.
    public init?(_ components: String...) { self.init(components: components) }

    /// The same of components that are an array already.
    public init?(components: [String]) {
        guard !components.isEmpty, components.allSatisfy(Self.isComponent) else { return nil }
        self.components = components
    }

    /// Whether the key begins with the components of `folder` and has more of them; any key is in no folder at all.
    func isUnder(_ folder: ObjectKey?) -> Bool {
        guard let folder else { return true }
        return components.count > folder.components.count && components.starts(with: folder.components)
    }

    public var description: String { components.joined(separator: "/") }

    private static func isComponent(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46 || byte == 95
            }
    }
}
