import HTTPTransport
import ImageRegistry
import RegistryWire

extension V1Exchange {
    func search() async throws -> Response {
        guard let query = RequestQuery(of: target) else { throw V1Refusal.query }
        let request = SearchRequest(query)
        let (total, results) = try await registry.search(request.query, by: caller.lister, offset: request.offset, limit: request.pageSize)
        return try reply(json: SearchPage(resultCount: total, results: results.map(SearchPage.Result.init), request: request))
    }
}

extension SearchPage.Result {
    fileprivate init(_ result: SearchResult) {
        self.init(
            name: result.name, description: result.description, starCount: result.starCount, isOfficial: result.isOfficial,
            isAutomated: result.isAutomated, isTrusted: result.isTrusted)
    }
}
