extension Registry {
    /// One page of the repositories that match every word of `query`, best first, and how many there are; an empty query matches all.
    public func search(_ query: String, offset: Int, limit: Int) async throws -> (total: Int, results: [SearchResult]) {
        let terms = query.split(whereSeparator: \.isWhitespace).map(String.init)
        return try await read { try $0.search(terms, phrase: terms.joined(separator: " "), offset: offset, limit: limit) }
    }
}
