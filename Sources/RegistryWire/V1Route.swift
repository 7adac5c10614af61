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

    /// The route's name in metrics.
    public var label: String {
        switch self {
        case .images(let route): route.label
        case .index(let route): route.label
        }
    }

    /// Whether it changes what the registry holds, so that a read-only one refuses it. To register is none: engines up to 1.10 log in through
    /// it (v1.md §5.1), so a read-only registry answers it as one where nobody can register.
    public var isMutating: Bool {
        switch self {
        case .images(let route): route.method != .get
        case .index(.updateUser), .index(.confirm), .index(.putRepository), .index(.putImages): true
        case .index(.login), .index(.register), .index(.confirmPage), .index(.images), .index(.layerAccess), .index(.authorize),
            .index(.search):
            false
        }
    }

    private static func routes(of path: RequestPath) throws(PathRefusal) -> [V1Route] {
        let components = path.components[...]
        guard components.first == "v1" else {
            return ImagesV1Route.unversioned(components).map(V1Route.images)
        }
        let rest = components.dropFirst()
        if rest.first == "repositories" {
            return try repositoryRoutes(rest.dropFirst(), endsInSlash: path.endsInSlash)
        }
        return try ImagesV1Route.routes(of: rest).map(V1Route.images) + IndexRoute.routes(of: rest).map(V1Route.index)
    }

    /// Names may contain slashes and words that are routes, so these paths are read from the right (v1.md §11.22). `PUT …/ns/images/` makes
    /// a repository and `PUT …/ns/images` sends a list: there the slash is what tells them apart. In `ns/tags/tags` the last is a tag.
    private static func repositoryRoutes(_ components: ArraySlice<String>, endsInSlash: Bool) throws(PathRefusal) -> [V1Route] {
        let count = components.count
        guard let last = components.last else { return [] }
        if count > 3, last == "json", components[components.endIndex - 3] == "tags" {
            let name = try name(components.dropLast(3))
            return [.images(.tagDetails(name, try tag(components[components.endIndex - 2])))]
        }
        if count > 2, components[components.endIndex - 2] == "tags" {
            let name = try name(components.dropLast(2))
            let tag = try tag(last)
            return [.images(.tag(name, tag)), .images(.putTag(name, tag)), .images(.deleteTag(name, tag))]
        }
        if count > 3, last == "access", components[components.endIndex - 3] == "layer" {
            guard let id = ImageID(components[components.endIndex - 2]) else { throw .imageID }
            return [.index(.layerAccess(try name(components.dropLast(3)), id))]
        }
        let routes: ((RepositoryName) -> [V1Route])? =
            switch last {
            case "tags": { [.images(.tags($0)), .images(.deleteTags($0))] }
            case "json": { [.images(.repositoryDetails($0))] }
            case "properties": { [.images(.properties($0)), .images(.putProperties($0))] }
            case "images": { [.index(.images($0)), .index(.putImages($0))] }
            case "auth": { [.index(.authorize($0))] }
            default: nil
            }
        guard count > 1, let routes else { return repository(try name(components)) }
        let parts = routes(try name(components.dropLast()))
        return endsInSlash ? repository(try name(components)) + parts : parts
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
