import FoundationEssentials

/// A descriptor as it is read, with the text of its media type, which lists of referrers repeat as it was written.
struct DescriptorFields {
    let descriptor: Descriptor
    let mediaTypeText: String

    private enum Key: String, KnownKey {
        case mediaType, digest, size, urls, annotations, data, platform, artifactType
        static let folded = fold()
    }

    init(_ reader: inout ManifestReader, at path: String) throws(Manifest.Refusal) {
        var mediaType: String?
        var digest: Digest?
        var size: Int64?
        var urls: [String] = []
        var data: String?
        var platform: Platform?
        var artifactType: String?
        guard
            try reader.members({ (reader, name) throws(Manifest.Refusal) in
                switch try reader.known(name, Key.self) {
                case .mediaType: mediaType = try reader.string()
                case .digest: digest = try reader.string().flatMap { Digest($0) }
                case .size: size = try reader.integer()
                case .urls: urls = try Self.urls(&reader, at: path)
                case .annotations: _ = try reader.annotations(at: "\(path).annotations")
                case .data: data = try Self.data(&reader, at: path)
                case .platform: platform = try Platform(&reader, at: path)
                case .artifactType: artifactType = try reader.artifactType(at: "\(path).artifactType")
                case nil: try reader.skip()
                }
            })
        else { throw .descriptor(path) }
        guard let mediaType, let type = MediaType(mediaType) else { throw .descriptor(path) }
        guard let digest else { throw .digest(path) }
        guard let size else { throw .size(path) }
        if let data {
            guard Self.matches(data, digest, size) else { throw .data(path) }
        }
        mediaTypeText = mediaType
        descriptor = Descriptor(
            mediaType: type, digest: digest, size: size, urls: urls, platform: platform, artifactType: artifactType)
    }

    private static func urls(_ reader: inout ManifestReader, at path: String) throws(Manifest.Refusal) -> [String] {
        if try reader.null() { return [] }
        var urls: [String] = []
        guard
            try reader.elements({ (reader) throws(Manifest.Refusal) in
                guard let url = try reader.plainText(or: .descriptor(path)) else { throw .descriptor(path) }
                urls.append(url)
            })
        else { throw .descriptor(path) }
        return urls
    }

    private static func data(_ reader: inout ManifestReader, at path: String) throws(Manifest.Refusal) -> String? {
        if try reader.null() { return nil }
        guard let text = try reader.string() else { throw .data(path) }
        return text
    }

    /// Whether this is the base64 (RFC 4648 §4) of content with this digest and size. Bits left over at the end have to be zero: readers
    /// differ in whether they look at them.
    private static func matches(_ base64: String, _ digest: Digest, _ size: Int64) -> Bool {
        guard let data = Data(base64Encoded: base64), data.count == size, data.base64EncodedString() == base64 else { return false }
        return Digest.of(Array(data), digest.algorithm) == digest
    }
}
