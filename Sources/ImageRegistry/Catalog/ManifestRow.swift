import ImageModel

/// A manifest as the catalog keeps it.
struct ManifestRow: Sendable {
    let digest: Digest
    let mediaType: MediaType
    let document: [UInt8]
    let subject: Digest?
    let artifactType: String?
    let annotations: [UInt8]?
    /// The id by which v1 knows the image; nil of indexes and artifacts.
    let imageID: ImageID?
    /// Of an index: the image that stands for it where a client knows no index.
    let platformDigest: Digest?
    let blobs: [Digest]
    let children: [Digest]
    /// Whether Wharf has made it.
    let isDerived: Bool

    /// A manifest that was derived.
    init(digest: Digest, mediaType: MediaType, document: [UInt8], imageID: ImageID?, blobs: [Digest]) {
        self.digest = digest
        self.mediaType = mediaType
        self.document = document
        self.imageID = imageID
        self.blobs = blobs
        subject = nil
        artifactType = nil
        annotations = nil
        platformDigest = nil
        children = []
        isDerived = true
    }

    /// - Parameter namesImage: whether v1 may know the image by the id that it has.
    init(_ pushed: PushedManifest, platformDigest: Digest?, namesImage: Bool) {
        digest = pushed.digest
        document = pushed.document
        subject = pushed.subject
        self.platformDigest = platformDigest
        isDerived = false
        switch pushed.content {
        case .manifest(let manifest):
            mediaType = manifest.mediaType
            artifactType = manifest.artifactType
            annotations = manifest.annotations
            imageID = namesImage ? manifest.v1ImageID : nil
            blobs = manifest.blobs.map(\.digest)
            children = manifest.children.map(\.digest)
        case .schema1(let manifest):
            mediaType = .dockerSchema1Signed
            artifactType = nil
            annotations = nil
            imageID = namesImage ? manifest.chain?.last?.image?.id : nil
            blobs = manifest.layers
            children = []
        }
    }
}
