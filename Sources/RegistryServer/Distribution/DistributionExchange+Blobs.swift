import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

/// OCI Distribution, "Pulling blobs", "Pushing blobs", "Deleting Blobs".
extension DistributionExchange {
    /// The blob, whole or the part that `Range` names.
    func blob(_ name: RepositoryName, _ digest: Digest) async throws -> Response {
        let (info, object) = try await registry.openBlob(
            digest, of: name, isRenewing: incoming.request.head.method == .head && !configuration.isReadOnly())
        let tag = digest.description
        let fields: HTTPFields = [
            .contentType: "application/octet-stream", .dockerContentDigest: tag, .eTag: "\"\(tag)\"", .acceptRanges: "bytes",
            .cacheControl: incoming.immutability(isPrivate: info.isPrivate), .vary: "Accept, Authorization",
        ]
        if incoming.holds(tag) { return reply(status: .notModified, adding: fields) }
        let part = incoming.part(of: object, tag: tag)
        guard part.status != .rangeNotSatisfiable else { throw DistributionRefusal.rangeNotSatisfiable(size: info.size) }
        return Response(status: part.status, headers: self.fields(adding: fields.merging(part.fields)), body: part.body)
    }

    func deleteBlob(_ name: RepositoryName, _ digest: Digest) async throws -> Response {
        try await registry.deleteBlob(digest, of: name)
        return reply(status: .accepted)
    }

    /// Begins an upload; or takes the whole blob, when `digest` names it; or mounts it, when `mount` does and the caller may pull it somewhere.
    func startUpload(_ name: RepositoryName) async throws -> Response {
        let query = try incoming.query()
        if let text = query["mount"] {
            let digest = try Self.digest(text)
            // A source that can be no repository holds nothing: then the client uploads.
            let source = query["from"].map { RepositoryName($0) }
            if source != .some(nil), try await registry.mount(digest, from: source ?? nil, to: name, by: caller.caller) {
                return created(digest, in: name)
            }
        }
        if let text = query["digest"] {
            let digest = try Self.digest(text)
            try await registry.receiveBlob(incoming.request.body, announced: incoming.request.body.length, as: digest, in: name)
            return created(digest, in: name)
        }
        var algorithm = Digest.Algorithm.sha256
        if let text = query["digest-algorithm"] {
            guard let known = Digest.Algorithm(rawValue: text) else { throw DistributionRefusal.algorithmUnknown(text) }
            algorithm = known
        }
        let status = try await registry.beginUpload(to: name, algorithm: algorithm, by: caller.caller)
        return reply(status: .accepted, adding: progress(status, in: name))
    }

    func upload(_ name: RepositoryName, _ id: UploadID) async throws -> Response {
        let status = try await registry.upload(scope(name, id))
        return reply(status: .noContent, adding: progress(status, in: name))
    }

    func appendUpload(_ name: RepositoryName, _ id: UploadID) async throws -> Response {
        let status = try await registry.append(incoming.request.body, try piece(), to: scope(name, id))
        return reply(status: .accepted, adding: progress(status, in: name))
    }

    func finishUpload(_ name: RepositoryName, _ id: UploadID) async throws -> Response {
        guard let text = try incoming.query()["digest"] else { throw DistributionRefusal.digestMissing }
        let digest = try Self.digest(text)
        try await registry.finish(scope(name, id), with: incoming.request.body, try piece(), as: digest)
        return created(digest, in: name)
    }

    func cancelUpload(_ name: RepositoryName, _ id: UploadID) async throws -> Response {
        try await registry.cancel(scope(name, id))
        return reply(status: .noContent)
    }

    private func scope(_ name: RepositoryName, _ id: UploadID) -> UploadScope {
        UploadScope(id: id, repository: name, caller: caller.caller)
    }

    /// What the request says of the bytes it brings.
    private func piece() throws -> UploadPiece {
        let length = incoming.request.body.length
        guard let field = headers[.contentRange] else { return UploadPiece(start: nil, length: length) }
        guard let range = ContentRange(field) else { throw DistributionRefusal.contentRangeInvalid }
        if let length, length != range.count { throw DistributionRefusal.rangeContradictsLength }
        return UploadPiece(start: range.first, length: range.count)
    }

    private func created(_ digest: Digest, in name: RepositoryName) -> Response {
        reply(
            status: .created,
            adding: [.location: location(of: .blob(name, digest)), .dockerContentDigest: digest.description])
    }

    /// Where an upload goes on, and how much of it is there.
    func progress(_ status: UploadStatus, in name: RepositoryName) -> HTTPFields {
        [
            .location: location(of: .appendUpload(name, status.id)), .range: "0-\(max(status.length - 1, 0))",
            .dockerUploadUUID: status.id.text,
        ]
    }

    private static func digest(_ text: String) throws -> Digest {
        guard let digest = Digest(text) else { throw DistributionRefusal.digestInvalid(text) }
        return digest
    }
}
