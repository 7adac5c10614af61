import ImageModel

extension DistributionRoute {
    /// Whether a request target belongs to this dialect, whatever stands behind `/v2`.
    public static func isDistribution(_ target: String) -> Bool {
        guard target.hasPrefix("/v2") else { return false }
        let next = target.utf8.dropFirst(3).first
        return next == nil || next == UInt8(ascii: "/") || next == UInt8(ascii: "?")
    }

    /// What `method` asks of `path`.
    ///
    /// Names may contain slashes and words that are routes, so paths are read from the right: the last two or three components tell what a
    /// path is. `DELETE /v2/NAME` deletes the repository where the path is nothing else; with a slash at the end it always does, so that a
    /// repository called `a/manifests/b` can be deleted, too. Elsewhere that slash means nothing.
    public static func look(up method: Method?, _ path: RequestPath) -> Lookup<DistributionRoute> {
        guard path.components.first == "v2" else { return .unknown }
        let components = path.components.dropFirst()
        if path.endsInSlash, method == .delete, let name = try? name(components) { return .found(.deleteRepository(name)) }
        do {
            let routes = try routes(of: components)
            if let route = routes.first(where: { $0.method == method }) { return .found(route) }
            let allowed = routes.map(\.method)
            let isName = (try? name(components)) != nil
            guard allowed.isEmpty else {
                return .methodNotAllowed(allowed: path.endsInSlash && isName && !allowed.contains(.delete) ? allowed + [.delete] : allowed)
            }
            if method == .delete { return .found(.deleteRepository(try name(components))) }
            return isName ? .methodNotAllowed(allowed: [.delete]) : .unknown
        } catch {
            return .refused(error)
        }
    }

    /// The routes whose path is `components`, after `v2`; the repository's own excepted.
    private static func routes(of components: ArraySlice<String>) throws(PathRefusal) -> [DistributionRoute] {
        guard let first = components.first, let last = components.last else { return [.ping] }
        guard components.count > 2 else {
            switch (first, components.count) {
            case ("_catalog", 1): return [.catalog]
            case ("token", 1): return [.token, .tokenGrant]
            case ("token", 2) where last == "keys": return [.tokenKeys]
            default: return []
            }
        }
        let rest = components.dropLast(2)
        switch components[components.endIndex - 2] {
        case "manifests": return manifestRoutes(try name(rest), try Reference(last))
        case "blobs" where last == "uploads": return [.startUpload(try name(rest))]
        case "blobs":
            let (name, digest) = (try name(rest), try digest(last))
            return [.blob(name, digest), .deleteBlob(name, digest)]
        case "uploads" where components.count > 3 && rest.last == "blobs":
            let name = try name(rest.dropLast())
            guard let id = UploadID(last) else { throw .upload }
            return [.upload(name, id), .appendUpload(name, id), .finishUpload(name, id), .cancelUpload(name, id)]
        case "tags" where last == "list": return [.tags(try name(rest))]
        case "referrers": return [.referrers(try name(rest), try digest(last))]
        default: return []
        }
    }

    private static func manifestRoutes(_ name: RepositoryName, _ reference: Reference) -> [DistributionRoute] {
        let delete: DistributionRoute =
            switch reference {
            case .tag(let tag): .deleteTag(name, tag)
            case .digest(let digest): .deleteManifest(name, digest)
            }
        return [.manifest(name, reference), .putManifest(name, reference), delete]
    }

    /// v1's grammar is wider; such a repository is none of this dialect.
    private static func name(_ components: ArraySlice<String>) throws(PathRefusal) -> RepositoryName {
        guard let name = RepositoryName(components: components), name.isDistributionName else { throw .repositoryName }
        return name
    }

    private static func digest(_ component: String) throws(PathRefusal) -> Digest {
        guard let digest = Digest(component) else { throw .digest }
        return digest
    }
}
