public import ImageModel

/// The answer of `GET …/tags/list` (OCI Distribution, "Listing Tags").
public struct TagListJSON: Hashable, Sendable {
    public let name: RepositoryName
    public let tags: [Tag]

    public init(name: RepositoryName, tags: [Tag]) {
        self.name = name
        self.tags = tags
    }

    /// `{"name":"team/app","tags":["1.0","latest"]}`, with the name as people see it. No tags are an empty list, never `null`.
    public var json: [UInt8] {
        var bytes = Array(#"{"name":"#.utf8)
        JSONText.append(name.shown, to: &bytes)
        bytes += Array(#","tags":"#.utf8)
        JSONText.append(tags.lazy.map(\.text), to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

/// The answer of `GET /v2/_catalog` (Docker Registry HTTP API V2, "Listing Repositories").
public struct CatalogJSON: Hashable, Sendable {
    public let repositories: [RepositoryName]

    public init(repositories: [RepositoryName]) { self.repositories = repositories }

    /// `{"repositories":["team/app","ubuntu"]}`, with names as people see them.
    public var json: [UInt8] {
        var bytes = Array(#"{"repositories":"#.utf8)
        JSONText.append(repositories.lazy.map(\.shown), to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
