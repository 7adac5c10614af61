import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import NIOCore
import RegistryWire

/// OCI Distribution, "Pulling manifests", "Pushing Manifests", "Deleting Manifests", "Deleting tags".
extension DistributionExchange {
    func manifest(_ name: RepositoryName, _ reference: Reference) async throws -> Response {
        switch reference {
        case .digest(let digest):
            return answer(with: try await registry.manifest(digest, of: name), isByTag: false)
        case .tag(let tag):
            let choice = FaceChoice(AcceptField(headers[values: .accept]), by: ClientAgent(userAgent: headers[.userAgent]))
            return answer(with: try await face(of: try await registry.origin(of: tag, in: name), tag, name, choice), isByTag: true)
        }
    }

    /// What was pushed, as the client can read it.
    private func face(of origin: Origin, _ tag: Tag, _ name: RepositoryName, _ choice: FaceChoice) async throws -> StoredManifest {
        let tagged = origin.tagged
        switch (choice.decision(for: tagged), origin.content) {
        case (.asPushed, .manifest(_, let stored)): return stored
        case (.platformImage, _):
            guard let image = try await registry.platformImage(of: origin, in: name) else {
                throw DistributionRefusal.notAcceptable(tagged)
            }
            return try await face(of: image, tag, name, choice)
        case (.derived(let kind), let content):
            do {
                return try await registry.manifest(as: kind, of: origin, tag: tag, in: name)
            } catch let error as RegistryError {
                guard case .conversionRefused = error, case .manifest(_, let stored) = content, choice.admitsAsPushed(tagged) else {
                    throw error
                }
                return stored
            }
        case (.asPushed, .image), (.notAcceptable, _): throw DistributionRefusal.notAcceptable(tagged)
        }
    }

    private func answer(with stored: StoredManifest, isByTag: Bool) -> Response {
        let tag = stored.digest.description
        var fields: HTTPFields = [
            .contentType: stored.mediaType.text, .dockerContentDigest: tag, .eTag: "\"\(tag)\"", .vary: "Accept, Authorization",
        ]
        // What a tag names may change at any moment; what a digest names never does.
        fields[.cacheControl] =
            isByTag
            ? "\(incoming.audience(isPrivate: stored.isPrivate)), no-cache"
            : incoming.immutability(isPrivate: stored.isPrivate)
        if incoming.holds(tag) { return reply(status: .notModified, adding: fields) }
        return reply(ByteBuffer(bytes: stored.document), adding: fields)
    }

    func putManifest(_ name: RepositoryName, _ reference: Reference) async throws -> Response {
        let tags = try tags(beside: reference)
        var contentType: MediaType?
        if let field = headers[.contentType] {
            guard let type = MediaType(field) else { throw DistributionRefusal.contentTypeInvalid }
            contentType = type
        }
        let document: [UInt8]
        do {
            document = Array(buffer: try await incoming.request.body.collect(upTo: limits.manifestSize))
        } catch RequestBodyError.tooLarge {
            throw DistributionRefusal.manifestTooLarge(limit: limits.manifestSize)
        }
        var named: Digest?
        if case .digest(let digest) = reference { named = digest }
        let pushed = try PushedManifest(
            document, contentType: contentType, named: named, tags: tags, descriptorLimit: limits.manifestReferences)
        try await registry.put(pushed, in: name, by: PushAgent(EngineAgent(headers[.userAgent])))
        return put(pushed, in: name, asked: reference)
    }

    private func put(_ pushed: PushedManifest, in name: RepositoryName, asked reference: Reference) -> Response {
        var fields: HTTPFields = [
            .location: location(of: .manifest(name, .digest(pushed.digest))), .dockerContentDigest: pushed.digest.description,
        ]
        fields[.ociSubject] = pushed.subject?.description
        if case .digest = reference {
            for tag in pushed.tags { fields.append(HTTPField(name: .ociTag, value: tag.text)) }
        }
        return reply(status: .created, adding: fields)
    }

    /// The tags that the manifest is to have: the one in the path, or those in the query beside a digest.
    private func tags(beside reference: Reference) throws -> [Tag] {
        let texts = try incoming.query().values(of: "tag")
        if case .tag(let tag) = reference {
            guard texts.isEmpty else { throw DistributionRefusal.tagsWithoutDigest }
            return [tag]
        }
        guard texts.count <= limits.tagsPerManifest else {
            throw DistributionRefusal.tooManyTags(limit: limits.tagsPerManifest)
        }
        return try texts.map { text in
            guard let tag = Tag(text) else { throw DistributionRefusal.tagInvalid(text) }
            return tag
        }
    }

    func deleteTag(_ name: RepositoryName, _ tag: Tag) async throws -> Response {
        try await registry.deleteTag(tag, of: name)
        return reply(status: .accepted)
    }

    func deleteManifest(_ name: RepositoryName, _ digest: Digest) async throws -> Response {
        try await registry.deleteManifest(digest, of: name)
        return reply(status: .accepted)
    }

    func deleteRepository(_ name: RepositoryName) async throws -> Response {
        try await registry.delete(name)
        return reply(status: .accepted)
    }
}

extension Origin {
    /// What a client may be shown of it.
    fileprivate var tagged: Tagged {
        switch content {
        case .image: .v1Image
        case .manifest(_, let stored) where stored.mediaType == .dockerSchema1Signed: .schema1Manifest
        case .manifest(_, let stored) where stored.mediaType == .ociIndex || stored.mediaType == .dockerManifestList:
            .index(stored.mediaType)
        case .manifest(_, let stored): isImage ? .image(stored.mediaType) : .artifact(stored.mediaType)
        }
    }
}
