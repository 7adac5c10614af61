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
            let stored = try await registry.manifest(tag, of: name)
            let accepted = AcceptField(headers[values: .accept])
            if accepted.admits(stored.mediaType) { return answer(with: stored, isByTag: true) }
            if let image = try await image(of: stored, in: name, for: accepted) { return answer(with: image, isByTag: true) }
            throw DistributionRefusal.notAcceptable(stored.mediaType)
        }
    }

    /// The image for linux/amd64, or else the first, of an index that the client does not take.
    private func image(of index: StoredManifest, in name: RepositoryName, for accepted: AcceptField) async throws -> StoredManifest? {
        guard case .index(let children)? = try? Manifest(index.document, contentType: index.mediaType, descriptorLimit: .max).content else {
            return nil
        }
        let preferred = children.filter { $0.platform?.os == "linux" && $0.platform?.architecture == "amd64" }
        guard let child = (preferred + children).first(where: { accepted.admits($0.mediaType) }) else { return nil }
        return try await registry.manifest(child.digest, of: name)
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
        let digest: Digest
        switch reference {
        case .digest(let named):
            digest = Digest.of(document, named.algorithm)
            guard digest == named else { throw RegistryError.digestMismatch }
        case .tag: digest = Digest.of(document, .sha256)
        }
        let manifest: Manifest
        do throws(Manifest.Refusal) {
            manifest = try Manifest(document, contentType: contentType, descriptorLimit: limits.manifestReferences)
        } catch {
            throw RegistryError.manifestInvalid(error)
        }
        let pushed = PushedManifest(manifest: manifest, document: document, digest: digest, tags: tags)
        try await registry.put(pushed, in: name, by: PushAgent(EngineAgent(headers[.userAgent])))
        return put(pushed, in: name, asked: reference)
    }

    private func put(_ pushed: PushedManifest, in name: RepositoryName, asked reference: Reference) -> Response {
        var fields: HTTPFields = [
            .location: location(of: .manifest(name, .digest(pushed.digest))), .dockerContentDigest: pushed.digest.description,
        ]
        fields[.ociSubject] = pushed.manifest.subject?.digest.description
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
