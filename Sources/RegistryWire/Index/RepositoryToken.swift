public import ImageModel

/// What an index hands a client for a registry: `signature=…,repository="ns/name",access=write` (v1.md §2.3.1).
///
/// Engines send it back as `Token Token signature=…`, older and newer ones also as a bare `Token`; all spellings are read (v1.md §3.3).
public struct RepositoryToken: Hashable, Sendable {
    public enum Access: String, Sendable {
        case read, write, delete
    }

    public let signature: String
    public let repository: RepositoryName
    public let access: Access

    public init(signature: String, repository: RepositoryName, access: Access) {
        self.signature = signature
        self.repository = repository
        self.access = access
    }

    /// The text of `X-Docker-Token` and `WWW-Authenticate`. It begins with the scheme, because engines put back what they were given.
    public var text: String { "Token signature=\(signature),repository=\"\(repository)\",access=\(access.rawValue)" }

    /// Nil unless `text` is an `Authorization` value with a token: the scheme in any case, once, twice or left out, and all three fields.
    public init?(_ text: some StringProtocol) {
        var fields: [String: Substring] = [:]
        for piece in Substring(text).split(separator: ",") {
            guard let mark = piece.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
            guard let name = piece[..<mark].split(separator: " ").last else { continue }
            fields[name.lowercased()] = piece[piece.index(after: mark)...].trimmed(of: " \"")
        }
        guard let signature = fields["signature"], let repository = fields["repository"].flatMap({ RepositoryName($0) }),
            let access = fields["access"].flatMap({ Access(rawValue: String($0)) })
        else { return nil }
        self.init(signature: String(signature), repository: repository, access: access)
    }
}

extension Substring {
    fileprivate func trimmed(of characters: String) -> Substring {
        let start = drop { characters.contains($0) }
        guard let end = start.lastIndex(where: { !characters.contains($0) }) else { return start.prefix(0) }
        return start[...end]
    }
}
