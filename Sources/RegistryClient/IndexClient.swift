public import AsyncHTTPClient
import FoundationEssentials
public import ImageModel
public import NIOCore
import NIOHTTP1
public import RegistryWire

/// The registry's half of the classic way to prove a token: the registry shows it to the index, which knows (v1.md §2.6, 5.6).
///
/// Tokens go to this index and nowhere else: redirects are not followed. Every answer is bounded in time and size.
public struct IndexClient: Sendable {
    /// Bytes of a repository's list of images: 16 MiB, some 100,000 images.
    public static let listLimit = 16 * 1024 * 1024

    private let service: ServiceClient

    /// - Parameters:
    ///   - timeout: for a whole question.
    ///   - rootCertificates: a PEM file of the certificates to trust in place of the system's. A file that cannot be read shows when the
    ///     index is asked.
    public init(
        url: ServiceURL, timeout: Duration = .seconds(10), rootCertificates: String? = nil,
        eventLoopGroup: any EventLoopGroup = HTTPClient.defaultEventLoopGroup
    ) {
        service = ServiceClient(url: url, timeout: timeout, rootCertificates: rootCertificates, eventLoopGroup: eventLoopGroup)
    }

    /// Closes the connections; nothing may be asked after it. To be called before the client goes.
    public func shutdown() async throws {
        try await service.shutdown()
    }

    /// Whether the index takes `authorization` for this access to the repository.
    ///
    /// - Parameter authorization: the field's value as the client has sent it.
    public func check(authorization: String, repository: RepositoryName, access: RepositoryToken.Access) async -> IndexVerdict {
        do {
            switch access {
            case .read, .write:
                let answer = try await service.ask(
                    .GET, IndexRoute.images(repository).path, fields: Self.fields(authorization), bodyLimit: Self.listLimit)
                return try Self.verdict(answer) { answer throws(ServiceFailure) in .allowed(try Self.images(answer.body)) }
            case .delete:
                let answer = try await service.ask(
                    .PUT, IndexRoute.authorize(repository).path, fields: Self.fields(authorization), bodyLimit: ServiceClient.refusalLimit)
                return try Self.verdict(answer) { _ throws(ServiceFailure) in .allowed(nil) }
            }
        } catch {
            return .unreachable(error.description)
        }
    }

    /// Whether the holder of a token may use an image as the parent of one in the repository, wherever it is (v1.md §2.6.6).
    ///
    /// - Throws: ``ServiceFailure`` if the index cannot be asked. A refusal is no failure: it means that the image may not be used.
    public func mayUse(_ image: ImageID, in repository: RepositoryName, authorization: String) async throws(ServiceFailure) -> Bool {
        let path = "/v1/repositories/\(repository)/layer/\(image)/access"
        let answer = try await service.ask(.GET, path, fields: Self.fields(authorization), bodyLimit: ServiceClient.refusalLimit)
        let verdict = try Self.verdict(answer) { answer throws(ServiceFailure) in
            guard let access = try? JSONDecoder().decode(LayerAccess.self, from: Data(answer.body)) else { throw .malformed }
            return access.access ? .allowed(nil) : .refused(.forbidden)
        }
        return verdict == .allowed(nil)
    }

    private struct LayerAccess: Decodable {
        let access: Bool
    }

    private static func fields(_ authorization: String) -> [(String, String)] {
        [("Authorization", authorization), ("Accept", "application/json"), ("User-Agent", "wharf")]
    }

    private static func verdict(
        _ answer: ServiceAnswer, _ success: (ServiceAnswer) throws(ServiceFailure) -> IndexVerdict
    ) throws(ServiceFailure) -> IndexVerdict {
        switch answer.status {
        case 200: try success(answer)
        case 401: .refused(.unauthorized)
        case 403: .refused(.forbidden)
        case 404: .refused(.unknown)
        default: throw .status(answer.status)
        }
    }

    private static func images(_ body: [UInt8]) throws(ServiceFailure) -> [ImageID] {
        do {
            return try DeclaredImages(json: body).elements.map(\.id)
        } catch {
            throw .malformed
        }
    }
}
