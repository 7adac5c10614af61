import ImageModel

/// A request under `/v1/`: of the registry's half of the protocol, or of the index's.
public enum V1Route: Hashable, Sendable {
    case images(ImagesV1Route)
    case index(IndexRoute)

    /// What `method` asks of `path`, over both halves; a path may belong to one by PUT and to the other by DELETE.
    public static func look(up method: Method?, _ path: RequestPath) -> Lookup<V1Route> {
        do {
            let routes = try routes(of: path)
            guard !routes.isEmpty else { return .unknown }
            guard let route = routes.first(where: { $0.method == method }) else {
                return .methodNotAllowed(allowed: routes.map(\.method))
            }
            return .found(route)
        } catch {
            return .refused(error)
        }
    }

    public var method: Method {
        switch self {
        case .images(let route): route.method
        case .index(let route): route.method
        }
    }

    /// The path that ``look(up:_:)`` reads back as this route.
    public var path: String {
        switch self {
        case .images(let route): route.path
        case .index(let route): route.path
        }
    }

    private static func routes(of path: RequestPath) throws(PathRefusal) -> [V1Route] {
        let components = path.components[...]
        guard components.first == "v1" else {
            return ImagesV1Route.unversioned(components).map(V1Route.images)
        }
        let rest = components.dropFirst()
        if rest.first == "repositories" { return try repositoryRoutes(rest.dropFirst()) }
        return try ImagesV1Route.routes(of: rest).map(V1Route.images) + IndexRoute.routes(of: rest).map(V1Route.index)
    }

    /// Repository names may contain slashes and words that are routes, so these paths are read from the right (v1.md §11.22). Of a name
    /// that *ends* in such a word, after a slash, v1 knows nothing: `ns/tags` is where the tags of `ns` are.
    private static func repositoryRoutes(_ components: ArraySlice<String>) throws(PathRefusal) -> [V1Route] {
        let count = components.count
        let last = components.last
        guard count > 0 else { return [] }
        if count > 3, last == "json", components[components.endIndex - 3] == "tags" {
            let name = try name(components.dropLast(3))
            return [.images(.tagDetails(name, try tag(components[components.endIndex - 2])))]
        }
        if count > 2, components[components.endIndex - 2] == "tags" {
            let name = try name(components.dropLast(2))
            let tag = try tag(components[components.endIndex - 1])
            return [.images(.tag(name, tag)), .images(.putTag(name, tag)), .images(.deleteTag(name, tag))]
        }
        guard count > 1 else { return repository(try name(components)) }
        let name = try name(components.dropLast())
        switch last {
        case "tags": return [.images(.tags(name)), .images(.deleteTags(name))]
        case "json": return [.images(.repositoryDetails(name))]
        case "properties": return [.images(.properties(name)), .images(.putProperties(name))]
        case "images": return [.index(.images(name)), .index(.putImages(name))]
        case "auth": return [.index(.authorize(name))]
        default: return repository(try Self.name(components))
        }
    }

    private static func repository(_ name: RepositoryName) -> [V1Route] {
        [.index(.putRepository(name)), .images(.deleteRepository(name))]
    }

    private static func name(_ components: ArraySlice<String>) throws(PathRefusal) -> RepositoryName {
        guard let name = RepositoryName(components: components) else { throw .repositoryName }
        return name
    }

    private static func tag(_ component: String) throws(PathRefusal) -> Tag {
        guard let tag = Tag(component) else { throw .tag }
        return tag
    }
}
