/// An image's config (OCI image specification, "Image Configuration"; Docker's image JSON) as far as its other faces need it. All members
/// are kept as they were written.
public struct ImageConfig: Sendable {
    /// A step of the image's making. Wrong or absent members are nil: history is there to be looked at, nothing depends on it.
    public struct HistoryEntry: Sendable, Hashable {
        /// RFC 3339.
        public let created: String?
        public let createdBy: String?
        public let author: String?
        public let comment: String?
        /// Whether the step changed no file and so has no layer.
        public let isEmptyLayer: Bool
    }

    /// How many steps and layers a config may have.
    public static let entryLimit = RawObject.limit

    public let bytes: [UInt8]
    /// Of the layers from the base up.
    public let diffIDs: [Digest]
    /// From the base up; empty if the config has none.
    public let history: [HistoryEntry]
    public let architecture: String?
    public let os: String?
    /// RFC 3339.
    public let created: String?
    /// The name of a base layer that is in no registry, of early images of Windows.
    let baseLayer: String?
    let members: RawObject

    /// Reads a config from outside; the caller limits the length of `bytes`.
    ///
    /// - Throws: ``ConversionRefusal/configInvalid(_:)``.
    public init(_ bytes: [UInt8]) throws(ConversionRefusal) {
        let members: RawObject?
        do {
            members = try RawObject(bytes)
        } catch {
            throw .configInvalid(error.words)
        }
        guard let members else { throw .configInvalid("is not a JSON object, or has more than \(RawObject.limit) members") }
        guard let rootfs = members.object("rootfs") else { throw .configInvalid("has no rootfs") }
        diffIDs = try Self.diffIDs(rootfs)
        baseLayer = rootfs.text("base_layer").flatMap { $0.isEmpty ? nil : $0 }
        history = try Self.history(members)
        self.bytes = bytes
        self.members = members
        architecture = members.text("architecture")
        os = members.text("os")
        created = Timestamp.checked(members.text("created"))
    }

    private static func diffIDs(_ rootfs: RawObject) throws(ConversionRefusal) -> [Digest] {
        guard rootfs["diff_ids"] != Array("null".utf8) else { return [] }
        guard let elements = rootfs.elements("diff_ids") else { throw .configInvalid("has no list of diff_ids") }
        guard elements.count <= entryLimit else { throw .configInvalid("has more than \(entryLimit) diff_ids") }
        var diffIDs: [Digest] = []
        for element in elements {
            // A digest is written without escapes.
            guard element.count >= 2, element.first == UInt8(ascii: "\""),
                let digest = Digest(String(decoding: element.dropFirst().dropLast(), as: UTF8.self)), digest.algorithm == .sha256
            else { throw .configInvalid("has a diff_id that is no sha256 digest") }
            diffIDs.append(digest)
        }
        return diffIDs
    }

    private static func history(_ members: RawObject) throws(ConversionRefusal) -> [HistoryEntry] {
        let elements = members.elements("history") ?? []
        guard elements.count <= entryLimit else { throw .configInvalid("has more than \(entryLimit) steps in its history") }
        return elements.map { element in
            let step = try? RawObject(element)
            return HistoryEntry(
                created: Timestamp.checked(step?.text("created")), createdBy: step?.text("created_by"), author: step?.text("author"),
                comment: step?.text("comment"), isEmptyLayer: step?.isTrue("empty_layer") ?? false)
        }
    }
}
