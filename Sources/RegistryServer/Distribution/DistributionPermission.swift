import ImageModel
import RegistryWire

/// What a route of the Distribution API asks of its caller. Every route has one: the switch is exhaustive.
enum DistributionPermission: Hashable {
    /// Nothing; the route looks at credentials itself, because they are what it is about.
    case own
    /// To be somebody, or to hold a token: a login is a ping that succeeds (v1.md §5.2).
    case login
    case repository(RepositoryName, Need)
    /// To see anything at all; the list holds what the caller may pull.
    case catalog
}

extension DistributionRoute {
    var permission: DistributionPermission {
        switch self {
        case .token, .tokenGrant, .tokenKeys: .own
        case .ping: .login
        case .manifest(let name, _), .blob(let name, _), .tags(let name), .referrers(let name, _): .repository(name, .read)
        case .putManifest(let name, _), .startUpload(let name), .upload(let name, _), .appendUpload(let name, _),
            .finishUpload(let name, _), .cancelUpload(let name, _):
            .repository(name, .write)
        case .deleteTag(let name, _), .deleteManifest(let name, _), .deleteBlob(let name, _): .repository(name, .delete)
        case .deleteRepository(let name): .repository(name, .deleteRepository)
        case .catalog: .catalog
        }
    }
}

extension Need {
    /// The actions that a token for it needs, as a challenge names them.
    var actions: Set<String> {
        switch self {
        case .read: [TokenScope.Action.pull]
        case .write: [TokenScope.Action.pull, TokenScope.Action.push]
        case .delete: [TokenScope.Action.delete]
        case .administer, .deleteRepository: [TokenScope.Action.all]
        }
    }
}
