import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryLog
import RegistryWire

/// The audit log: every change, and every refusal of rights.
extension V1Exchange {
    /// - Parameter isRefused: whether the caller may not, whatever the answer says: who may not know is told that there is nothing.
    func audit(_ route: V1Route?, _ status: HTTPResponse.Status, isRefused: Bool) {
        guard let route else { return }
        server.audit(
            incoming, by: caller, action: route.action, target: registered.value ?? route.target(scope.repository),
            isChange: route.method != .get, status, isRefused: isRefused)
    }
}

extension V1Route {
    /// What the route does, as the audit log names it.
    fileprivate var action: String {
        switch self {
        case .images(let route): route.action
        case .index(let route): route.action
        }
    }

    /// What it is done to.
    fileprivate func target(_ repository: RepositoryName?) -> String {
        switch self {
        case .images(.root), .images(.ping), .images(.status), .index(.search): "-"
        case .images(.document(let id)), .images(.putDocument(let id)), .images(.layer(let id)), .images(.putLayer(let id)),
            .images(.putChecksum(let id)), .images(.ancestry(let id)), .images(.files(let id)), .images(.diff(let id)):
            repository.map { "\($0)@\(id)" } ?? id.text
        case .images(.tags(let name)), .images(.deleteTags(let name)), .images(.repositoryDetails(let name)),
            .images(.properties(let name)),
            .images(.putProperties(let name)), .images(.deleteRepository(let name)), .index(.putRepository(let name)),
            .index(.images(let name)), .index(.putImages(let name)), .index(.authorize(let name)):
            name.text
        case .images(.tag(let name, let tag)), .images(.putTag(let name, let tag)), .images(.deleteTag(let name, let tag)),
            .images(.tagDetails(let name, let tag)):
            "\(name):\(tag)"
        case .index(.layerAccess(let name, let id)): "\(name)@\(id)"
        case .index(.login), .index(.register): "-"
        case .index(.updateUser(let name)), .index(.confirmPage(let name)), .index(.confirm(let name)): name
        }
    }
}

extension ImagesV1Route {
    fileprivate var action: String {
        switch self {
        case .root, .ping, .status: "server.look"
        case .document, .layer, .ancestry, .files, .diff: "image.read"
        case .putDocument: "image.begin"
        case .putLayer: "image.layer"
        case .putChecksum: "image.complete"
        case .tags, .tag, .tagDetails, .repositoryDetails, .properties: "repository.read"
        case .putTag: "tag.set"
        case .deleteTag, .deleteTags: "tag.delete"
        case .putProperties: "repository.visibility"
        case .deleteRepository: "repository.delete"
        }
    }
}

extension IndexRoute {
    fileprivate var action: String {
        switch self {
        case .login: "user.login"
        case .register: "user.register"
        case .updateUser: "user.update"
        case .confirmPage, .confirm: "user.confirm"
        case .putRepository, .putImages: "repository.push"
        case .images, .layerAccess: "repository.read"
        case .authorize: "token.authorize"
        case .search: "search"
        }
    }
}
