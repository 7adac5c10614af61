import ImageModel

extension Registry {
    /// One page of the repositories that the caller may pull and that match every word of `query`, best first, and how many there are; an empty query matches all.
    public func search(
        _ query: String, by caller: Caller, offset: Int, limit: Int
    ) async throws -> (total: Int, results: [SearchResult]) {
        let prefix = "\(RepositoryName.defaultNamespace)/"
        // `library/foo` is shown, and so found, as `foo`.
        let terms = query.split(whereSeparator: \.isWhitespace).map { String($0.hasPrefix(prefix) ? $0.dropFirst(prefix.count) : $0) }
            .filter { !$0.isEmpty }
        return try await read {
            try $0.search(terms, phrase: terms.joined(separator: " "), readableBy: caller, offset: offset, limit: limit)
        }
    }
}
