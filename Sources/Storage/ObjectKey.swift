/// Where an object lies in an object store: path components of `[a-z0-9._-]`, joined by `/`.
///
/// Keys are made by this program from digests and its own random names, never from what a client sent.
public struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    public let components: [String]

    /// Nil for an empty key, an empty component, `.`, `..`, or a byte outside the grammar: a key can never leave its store.
    public init?(_ components: String...) {
        guard !components.isEmpty, components.allSatisfy(Self.isComponent) else { return nil }
        self.components = components
    }

    public var description: String { components.joined(separator: "/") }

    private static func isComponent(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46 || byte == 95
            }
    }
}
