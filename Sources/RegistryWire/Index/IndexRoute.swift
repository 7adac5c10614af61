public import ImageModel

/// The index's half of the v1 protocol: users, repositories as declared, search (Docker Hub API; v1.md §2.2, 2.3, 2.8).
public enum IndexRoute: Hashable, Sendable {
    case login
    case register
    case updateUser(String)
    /// The page behind the link of a confirmation mail, and its button.
    case confirmPage(String)
    case confirm(String)
    case putRepository(RepositoryName)
    case images(RepositoryName)
    case putImages(RepositoryName)
    case authorize(RepositoryName)
    case layerAccess(RepositoryName, ImageID)
    case search

    public var method: Method {
        switch self {
        case .login, .confirmPage, .images, .layerAccess, .search: .get
        case .register, .confirm: .post
        case .updateUser, .putRepository, .putImages, .authorize: .put
        }
    }

    public var path: String {
        switch self {
        case .login, .register: "/v1/users/"
        case .updateUser(let name): "/v1/users/\(name)/"
        case .confirmPage(let name), .confirm(let name): "/v1/users/\(name)/confirm"
        case .putRepository(let name): "/v1/repositories/\(name)/"
        case .images(let name), .putImages(let name): "/v1/repositories/\(name)/images"
        case .authorize(let name): "/v1/repositories/\(name)/auth"
        case .layerAccess(let name, let id): "/v1/repositories/\(name)/layer/\(id)/access"
        case .search: "/v1/search"
        }
    }

    /// The route's name in metrics.
    var label: String {
        switch self {
        case .login: "login"
        case .register: "register"
        case .updateUser: "updateUser"
        case .confirmPage: "confirmPage"
        case .confirm: "confirm"
        case .putRepository: "putRepository"
        case .images: "images"
        case .putImages: "putImages"
        case .authorize: "authorize"
        case .layerAccess: "layerAccess"
        case .search: "search"
        }
    }

    /// The routes whose path is `components`, after `v1`; those of repositories excepted.
    static func routes(of components: ArraySlice<String>) -> [IndexRoute] {
        switch components.count {
        case 1 where components.first == "users": [.login, .register]
        case 2 where components.first == "users": [.updateUser(components[components.endIndex - 1])]
        case 3 where components.first == "users" && components.last == "confirm":
            [.confirmPage(components[components.startIndex + 1]), .confirm(components[components.startIndex + 1])]
        case 1 where components.first == "search": [.search]
        default: []
        }
    }
}
