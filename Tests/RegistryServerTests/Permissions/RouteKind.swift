import ImageModel
import RegistryWire

/// Every route of the v1 and index dialects, without what its path names.
///
/// A route that the program gains makes the switches below incomplete, its kind makes the next ones incomplete, and a kind without a row in
/// Tests/Permissions fails the tests.
enum RouteKind: String, CaseIterable, Sendable {
    case root, ping, status
    case document, putDocument, layer, putLayer, putChecksum, ancestry, files, diff
    case tags, deleteTags, tag, putTag, deleteTag, tagDetails
    case repositoryDetails, properties, putProperties, deleteRepository
    case login, register, updateUser, confirmPage, confirm
    case putRepository, images, putImages, authorize, layerAccess
    case search

    init(_ route: V1Route) {
        switch route {
        case .images(let route): self.init(route)
        case .index(let route): self.init(route)
        }
    }

    private init(_ route: ImagesV1Route) {
        self =
            switch route {
            case .root: .root
            case .ping: .ping
            case .status: .status
            case .document: .document
            case .putDocument: .putDocument
            case .layer: .layer
            case .putLayer: .putLayer
            case .putChecksum: .putChecksum
            case .ancestry: .ancestry
            case .files: .files
            case .diff: .diff
            case .tags: .tags
            case .deleteTags: .deleteTags
            case .tag: .tag
            case .putTag: .putTag
            case .deleteTag: .deleteTag
            case .tagDetails: .tagDetails
            case .repositoryDetails: .repositoryDetails
            case .properties: .properties
            case .putProperties: .putProperties
            case .deleteRepository: .deleteRepository
            }
    }

    private init(_ route: IndexRoute) {
        self =
            switch route {
            case .login: .login
            case .register: .register
            case .updateUser: .updateUser
            case .confirmPage: .confirmPage
            case .confirm: .confirm
            case .putRepository: .putRepository
            case .images: .images
            case .putImages: .putImages
            case .authorize: .authorize
            case .layerAccess: .layerAccess
            case .search: .search
            }
    }

    /// The route of this kind to a repository, an image, a tag and a user.
    func route(_ name: RepositoryName, _ id: ImageID, _ tag: Tag, _ user: String) -> V1Route {
        switch self {
        case .root: .images(.root)
        case .ping: .images(.ping)
        case .status: .images(.status)
        case .document: .images(.document(id))
        case .putDocument: .images(.putDocument(id))
        case .layer: .images(.layer(id))
        case .putLayer: .images(.putLayer(id))
        case .putChecksum: .images(.putChecksum(id))
        case .ancestry: .images(.ancestry(id))
        case .files: .images(.files(id))
        case .diff: .images(.diff(id))
        case .tags: .images(.tags(name))
        case .deleteTags: .images(.deleteTags(name))
        case .tag: .images(.tag(name, tag))
        case .putTag: .images(.putTag(name, tag))
        case .deleteTag: .images(.deleteTag(name, tag))
        case .tagDetails: .images(.tagDetails(name, tag))
        case .repositoryDetails: .images(.repositoryDetails(name))
        case .properties: .images(.properties(name))
        case .putProperties: .images(.putProperties(name))
        case .deleteRepository: .images(.deleteRepository(name))
        case .login: .index(.login)
        case .register: .index(.register)
        case .updateUser: .index(.updateUser(user))
        case .confirmPage: .index(.confirmPage(user))
        case .confirm: .index(.confirm(user))
        case .putRepository: .index(.putRepository(name))
        case .images: .index(.images(name))
        case .putImages: .index(.putImages(name))
        case .authorize: .index(.authorize(name))
        case .layerAccess: .index(.layerAccess(name, id))
        case .search: .index(.search)
        }
    }

    /// Whether the route's path names a repository.
    var namesRepository: Bool {
        switch self {
        case .tags, .deleteTags, .tag, .putTag, .deleteTag, .tagDetails, .repositoryDetails, .properties, .putProperties,
            .deleteRepository, .putRepository, .images, .putImages, .authorize, .layerAccess:
            true
        case .root, .ping, .status, .document, .putDocument, .layer, .putLayer, .putChecksum, .ancestry, .files, .diff, .login,
            .register, .updateUser, .confirmPage, .confirm, .search:
            false
        }
    }
}
