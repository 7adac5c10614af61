public import ImageModel

extension Registry {
    /// The highest access of `caller` to the repository, whether it exists or not; nil when there is none.
    public func access(of caller: Caller, to name: RepositoryName) async throws -> Access? {
        try await read { try $0.access(of: caller, to: name) }
    }

    /// Whether the image is in a repository that the caller may pull.
    public func holds(_ id: ImageID, for caller: Caller) async throws -> Bool {
        try await read { try $0.isHeld(id, for: caller) }
    }
}
