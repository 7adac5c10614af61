import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

/// OCI Distribution, "Content Discovery". Pages are found by key, so that the last costs what the first does.
extension DistributionExchange {
    func tags(_ name: RepositoryName) async throws -> Response {
        let request = try page(maximum: limits.pageSize)
        let page = try await registry.tagNames(of: name, after: request.last, limit: request.limit)
        return reply(
            json: TagListJSON(name: name, tags: page.elements).json,
            adding: next(page, after: page.elements.last?.text, request, .tags(name)))
    }

    func catalog() async throws -> Response {
        let request = try page(maximum: limits.pageSize)
        let page = try await registry.repositoryNames(readableBy: caller.lister, after: request.last, limit: request.limit)
        // A name that only v1 can say is of no use here.
        let names = page.elements.filter(\.isDistributionName)
        return reply(
            json: CatalogJSON(repositories: names).json, adding: next(page, after: page.elements.last?.shown, request, .catalog))
    }

    func referrers(_ name: RepositoryName, _ digest: Digest) async throws -> Response {
        let request = try page(maximum: min(limits.pageSize, Self.referrersPageSize))
        let query = try incoming.query()
        let artifactType = query["artifactType"]
        let page = try await registry.referrers(
            of: digest, in: name, artifactType: artifactType, after: request.last, limit: request.limit)
        var parameters = request.parameters(after: page.elements.last?.digest.description)
        var fields: HTTPFields = [.contentType: MediaType.ociIndex.text, .vary: "Accept, Authorization"]
        if let artifactType {
            fields[.ociFiltersApplied] = "artifactType"
            parameters.append(("artifactType", artifactType))
        }
        if page.continues { fields[.link] = LinkField.next(DistributionRoute.referrers(name, digest).path, parameters: parameters) }
        return reply(json: Self.document(page.elements), adding: fields)
    }

    /// What somebody sees who may not know whether there is anything.
    func noReferrers() throws -> Response {
        var fields: HTTPFields = [.contentType: MediaType.ociIndex.text, .vary: "Accept, Authorization"]
        if try incoming.query()["artifactType"] != nil { fields[.ociFiltersApplied] = "artifactType" }
        return reply(json: Self.document([]), adding: fields)
    }

    /// Descriptors in one answer; each may have annotations of some kilobytes.
    private static let referrersPageSize = 1000

    private static func document(_ referrers: [Referrer]) -> [UInt8] {
        ReferrersJSON.document(
            referrers.map {
                ReferrersJSON.Row(
                    mediaType: $0.mediaType, digest: $0.digest, size: $0.size, artifactType: $0.artifactType, annotations: $0.annotations)
            })
    }

    private func page(maximum: Int) throws -> PageRequest {
        guard let request = PageRequest(try incoming.query(), maximum: maximum) else { throw DistributionRefusal.pageSize }
        return request
    }

    private func next<Element>(
        _ page: Page<Element>, after last: String?, _ request: PageRequest, _ route: DistributionRoute
    ) -> HTTPFields {
        guard page.continues else { return [:] }
        return [.link: LinkField.next(route.path, parameters: request.parameters(after: last))]
    }
}

extension PageRequest {
    fileprivate func parameters(after last: String?) -> [(String, String)] {
        [("n", String(limit))] + (last.map { [("last", $0)] } ?? [])
    }
}
