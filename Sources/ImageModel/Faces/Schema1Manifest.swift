/// A manifest of schema 1 without its signatures (v1.md §10.2).
public struct Schema1Manifest: Sendable, Equatable {
    /// One layer and the v1 image that it belongs to.
    public struct Entry: Sendable, Hashable {
        public let blobSum: Digest
        /// The v1 image's JSON, `v1Compatibility`.
        public let document: [UInt8]
        /// Whether the step changed no file, so that later faces leave out its layer.
        public let isThrowaway: Bool
        /// Nil if the document's id or parent is none.
        public let image: V1Image?

        /// - Throws: ``ConversionRefusal/documentInvalid`` if the document is no JSON object that can be read.
        public init(blobSum: Digest, document: [UInt8]) throws(ConversionRefusal) {
            guard let members = (try? RawObject(document)) ?? nil else { throw .documentInvalid }
            self.blobSum = blobSum
            self.document = document
            isThrowaway = members.isTrue("throwaway")
            image = try? V1Image(json: document)
        }

        /// For a document that was just written, which need not be read.
        init(blobSum: Digest, document: [UInt8], isThrowaway: Bool, image: V1Image) {
            self.blobSum = blobSum
            self.document = document
            self.isThrowaway = isThrowaway
            self.image = image
        }
    }

    public let name: String
    public let tag: String
    public let architecture: String?
    /// Top first, as they stand in the manifest. Of entries that follow each other and have the same id and layer, which engine 1.6 writes,
    /// the last one alone.
    public let entries: [Entry]

    init(name: String, tag: String, architecture: String?, entries: [Entry]) {
        self.name = name
        self.tag = tag
        self.architecture = architecture
        var distinct: [Entry] = []
        for entry in entries {
            if let last = distinct.last, last.repeats(entry) { distinct.removeLast() }
            distinct.append(entry)
        }
        self.entries = distinct
    }

    /// The entries from the base up, if each is the parent of the one above it and the base has none; else nil.
    public var chain: [Entry]? {
        var ids: Set<ImageID> = []
        var parent: ImageID?
        for entry in entries.reversed() {
            guard let image = entry.image, image.parent == parent, ids.insert(image.id).inserted else { return nil }
            parent = image.id
        }
        return entries.reversed()
    }
}

extension Schema1Manifest.Entry {
    fileprivate func repeats(_ other: Self) -> Bool {
        guard blobSum == other.blobSum else { return false }
        guard let image, let otherImage = other.image else { return document == other.document }
        return image.id == otherImage.id
    }
}

extension V1Image {
    init(id: ImageID, parent: ImageID?) {
        self.id = id
        self.parent = parent
    }
}
