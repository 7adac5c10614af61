import ImageModel
import RegistryWire

/// What a route asks of its caller. Every route has one: the switches below are exhaustive, so none can be left open by omission.
enum Permission: Hashable {
    /// Nothing; credentials are not even looked at, because they are what the request is about to make.
    case registration
    /// Nothing, but credentials that are sent have to be right.
    case nothing
    /// To be somebody.
    case login
    /// To be this user, or an administrator.
    case account(String)
    case repository(RepositoryName, Need)
    /// Of a request that names an image and its repository only by its token, if at all: where it looks is narrowed to what its caller may
    /// see, so that nothing is left to be refused but pushing without being somebody.
    case images(Need)
    /// To have been given a token for the repository.
    case token(RepositoryName)
    /// To see anything at all; the list holds what the caller may pull.
    case search
}

/// What is going to be done with a repository.
enum Need: Hashable {
    case read
    case write
    /// To delete tags, manifests or blobs.
    case delete
    /// To change who may see it.
    case administer
    case deleteRepository

    var access: Access {
        switch self {
        case .read: .read
        case .write, .delete: .write
        case .administer, .deleteRepository: .admin
        }
    }
}

extension RepositoryToken.Access {
    /// A write token also reads what the push needs to read (v1.md §11.7).
    func allows(_ need: Need) -> Bool {
        switch self {
        case .read: need == .read
        case .write: [.read, .write, .delete].contains(need)
        case .delete: [.delete, .deleteRepository].contains(need)
        }
    }

    /// What a token of this kind leaves of its user's rights.
    var cap: ImageModel.Access {
        switch self {
        case .read: .read
        case .write: .write
        case .delete: .admin
        }
    }
}

extension V1Route {
    var permission: Permission {
        switch self {
        case .images(let route): route.permission
        case .index(let route): route.permission
        }
    }
}

extension ImagesV1Route {
    var permission: Permission {
        switch self {
        case .root, .ping, .status: .nothing
        case .document, .layer, .ancestry, .files, .diff: .images(.read)
        case .putDocument, .putLayer, .putChecksum: .images(.write)
        case .tags(let name), .tag(let name, _), .tagDetails(let name, _), .repositoryDetails(let name), .properties(let name):
            .repository(name, .read)
        case .putTag(let name, _): .repository(name, .write)
        case .deleteTags(let name), .deleteTag(let name, _): .repository(name, .delete)
        case .putProperties(let name): .repository(name, .administer)
        case .deleteRepository(let name): .repository(name, .deleteRepository)
        }
    }
}

extension IndexRoute {
    var permission: Permission {
        switch self {
        case .login: .login
        case .register, .confirmPage, .confirm: .registration
        case .updateUser(let name): .account(name)
        case .putRepository(let name), .putImages(let name): .repository(name, .write)
        case .images(let name), .layerAccess(let name, _): .repository(name, .read)
        case .authorize(let name): .token(name)
        case .search: .search
        }
    }
}
