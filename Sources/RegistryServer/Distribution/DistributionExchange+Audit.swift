import HTTPTypes
import ImageModel
import RegistryLog
import RegistryWire

extension DistributionExchange {
    /// - Parameter isRefused: whether the caller may not, whatever the answer says.
    func audit(_ route: DistributionRoute?, _ status: HTTPResponse.Status, isRefused: Bool) {
        // A client that shows nothing yet and is told where to log in has been refused nothing: every one begins so.
        guard let route, route != .ping || headers[.authorization] != nil else { return }
        server.audit(
            incoming, by: holder.caller ?? caller, claiming: holder.claim, action: route.action, target: route.target,
            isChange: route.isMutating || route == .tokenGrant, status,
            isRefused: isRefused)
    }
}

extension DistributionRoute {
    fileprivate var action: String {
        switch self {
        case .ping: "server.look"
        case .manifest, .tags, .referrers: "repository.read"
        case .blob: "blob.read"
        case .putManifest: "manifest.put"
        case .deleteTag: "tag.delete"
        case .deleteManifest: "manifest.delete"
        case .deleteBlob: "blob.delete"
        case .startUpload, .upload, .appendUpload, .cancelUpload: "blob.upload"
        case .finishUpload: "blob.put"
        case .catalog: "search"
        case .deleteRepository: "repository.delete"
        case .token, .tokenGrant, .tokenKeys: "token.issue"
        }
    }

    fileprivate var target: String {
        switch self {
        case .ping, .catalog, .token, .tokenGrant, .tokenKeys: "-"
        case .manifest(let name, .tag(let tag)), .putManifest(let name, .tag(let tag)), .deleteTag(let name, let tag): "\(name):\(tag)"
        case .manifest(let name, .digest(let digest)), .putManifest(let name, .digest(let digest)), .deleteManifest(let name, let digest),
            .blob(let name, let digest), .deleteBlob(let name, let digest), .referrers(let name, let digest):
            "\(name)@\(digest)"
        case .startUpload(let name), .tags(let name), .deleteRepository(let name): name.text
        case .upload(let name, let id), .appendUpload(let name, let id), .finishUpload(let name, let id), .cancelUpload(let name, let id):
            "\(name) upload \(id)"
        }
    }
}
