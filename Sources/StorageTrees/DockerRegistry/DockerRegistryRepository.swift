import FoundationEssentials
public import ImageModel

/// A repository of docker-registry: tags, and what is known about them.
public struct DockerRegistryRepository: Sendable {
    private let folder: TreeFolder
    private let names: [String]

    init(_ folder: TreeFolder) throws(TreeError) {
        self.folder = folder
        names = try folder.names()
    }

    public var isPrivate: Bool { names.contains("_private") }

    /// Names of the files that say what a tag names; some of them turn out to be metadata of another tag.
    public var tagFiles: [String] { names.filter { $0.hasPrefix(Self.tagPrefix) } }

    private static let tagPrefix = "tag_"

    /// What a tag's file says.
    public enum TagFile: Hashable, Sendable {
        case tag(Tag, ImageID, TagMetadata)
        /// What is known of the tag `_x` stands in `tag_x_json`, where what the tag `x_json` names would stand too (v1.md §8).
        case metadata
        /// A name that no tag has.
        case invalidName(String)
        /// No image id stands in it.
        case invalidContent
    }

    public func tag(_ file: String) throws(TreeError) -> TagFile {
        let opened = try folder.file(file)
        let bytes = try opened.contents(limit: DockerRegistryTree.smallFileLimit)
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        guard let id = ImageID(text) else { return file.hasSuffix("_json") && text.hasPrefix("{") ? .metadata : .invalidContent }
        let written = file.dropFirst(Self.tagPrefix.count)
        guard let name = FormQuoting.unquote(written), let tag = Tag(name) else { return .invalidName(String(written)) }
        let metadata = try? folder.file("tag\(written)_json").contents(limit: DockerRegistryTree.smallFileLimit)
        return .tag(tag, id, TagMetadata(json: metadata ?? [], modifiedAt: opened.modifiedAt))
    }

    /// The images that clients declared the repository to hold, else those that an index said it may; without any that is no id. Each once.
    public func listedImages() throws(TreeError) -> [ImageID] {
        for (name, read) in [("_index_images", Self.declared), ("_images_list", Self.allowed)] where names.contains(name) {
            var seen: Set<String> = []
            return read(try folder.file(name).contents(limit: DockerRegistryTree.smallFileLimit))
                .compactMap { ImageID($0) }.filter { seen.insert($0.text).inserted }
        }
        return []
    }

    private static func declared(_ bytes: [UInt8]) -> [String] {
        struct Element: Decodable { let id: String }
        return ((try? JSONDecoder().decode([Element].self, from: Data(bytes))) ?? []).map(\.id)
    }

    private static func allowed(_ bytes: [UInt8]) -> [String] {
        (try? JSONDecoder().decode([String].self, from: Data(bytes))) ?? []
    }
}

/// What is known of the push that set a tag (v1.md §2.5).
public struct TagMetadata: Hashable, Sendable {
    /// Seconds since 1970: what the metadata say, else when the tag's file was written.
    public let updatedAt: Int64
    public let dockerVersion: String?
    public let goVersion: String?
    public let architecture: String?
    public let operatingSystem: String?
    public let kernel: String?

    /// What is no such JSON says nothing; nor does a value of another kind than it has to be.
    init(json: [UInt8], modifiedAt: Int64) {
        let fields = try? JSONDecoder().decode(Fields.self, from: Data(json))
        updatedAt = fields?.lastUpdate.flatMap { $0 >= 0 && $0 < 1e12 ? Int64($0) : nil } ?? modifiedAt
        dockerVersion = fields?.texts["docker_version"]
        goVersion = fields?.texts["docker_go_version"]
        architecture = fields?.texts["arch"]
        operatingSystem = fields?.texts["os"]
        kernel = fields?.texts["kernel"]
    }

    private struct Fields: Decodable {
        let lastUpdate: Double?
        let texts: [String: String]

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            lastUpdate = try? container.decode(Double.self, forKey: Key(stringValue: "last_update"))
            var texts: [String: String] = [:]
            for key in container.allKeys {
                guard let text = try? container.decode(String.self, forKey: key), text.isOneLine else { continue }
                texts[key.stringValue] = text
            }
            self.texts = texts
        }
    }
}

extension String {
    /// Without blanks and line breaks at both ends.
    var trimmingBlanks: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character.isNewline }
        guard let last = lastIndex(where: { !isBlank($0) }), let first = firstIndex(where: { !isBlank($0) }) else { return "" }
        return String(self[first...last])
    }

    /// Short enough, and without control characters: what can stand in a column that clients see.
    var isOneLine: Bool { utf8.count <= 1024 && !utf8.contains { $0 < 0x20 || $0 == 0x7f } }
}
