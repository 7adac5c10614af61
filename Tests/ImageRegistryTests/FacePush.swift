import Crypto
import Database
import ImageModel
import ImageRegistry
import NIOCore
import RegistryTesting
import Storage
import Testing

/// An image of two layers, a gzip and a plain archive, as it is pushed in either dialect.
struct FacePush: Sendable {
    static let name = "team/app"
    /// An archive without members, and one of one empty file.
    static let empty = [UInt8](repeating: 0, count: 1024)
    static let plain = archive(of: "file")

    let registry: Registry

    static func repository() throws -> RepositoryName { try #require(RepositoryName(name)) }
    static func scope() throws -> ImageScope { ImageScope(repository: try repository(), caller: .anyone) }

    static func tag(_ text: String) throws -> ImageModel.Tag {
        let tag: ImageModel.Tag? = .init(text)
        return try #require(tag)
    }

    /// Pushes the image as an OCI manifest, tagged `latest`.
    @discardableResult
    func pushOCI(salt: String = "") async throws -> ImageModel.Digest {
        let config = """
            {"architecture":"amd64","os":"linux","salt":"\(salt)","rootfs":{"type":"layers","diff_ids":\
            ["\(EmptyLayer.diffID)","\(ImageModel.Digest.of(Self.plain, .sha256))"]},"history":[{"created_by":"a"},{"created_by":"b"}]}
            """
        for blob in [EmptyLayer.blob, Self.plain, Array(config.utf8)] {
            try await registry.receiveBlob(
                Push.body(blob), announced: Int64(blob.count), as: .of(blob, .sha256), in: Self.repository())
        }
        func descriptor(_ type: String, _ bytes: [UInt8]) -> String {
            #"{"mediaType":"application/vnd.oci.image.\#(type)","digest":"\#(ImageModel.Digest.of(bytes, .sha256))","size":\#(bytes.count)}"#
        }
        let document = Array(
            """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)","config":\(descriptor("config.v1+json", Array(config.utf8))),\
            "layers":[\(descriptor("layer.v1.tar+gzip", EmptyLayer.blob)),\(descriptor("layer.v1.tar", Self.plain))]}
            """.utf8)
        let pushed = try PushedManifest(document, contentType: nil, named: nil, tags: [.latest])
        try await registry.put(pushed, in: Self.repository(), by: BlobPush.agent)
        return pushed.digest
    }

    /// Pushes the image as a chain of two v1 images, tagged `latest`.
    @discardableResult
    func pushV1() async throws -> ImageID {
        var parent: ImageID?
        for (index, layer) in [EmptyLayer.blob, Self.plain].enumerated() {
            let id = try #require(ImageID(Hex.encode(SHA256.hash(data: Array("image \(index)".utf8)))))
            let document = Array(#"{"id":"\#(id)"\#(parent.map { #","parent":"\#($0)""# } ?? "")}"#.utf8)
            try await registry.beginImage(id, document: document, offered: [], in: Self.scope())
            try await registry.receiveLayer(Push.body(layer), of: id, in: Self.scope())
            parent = id
        }
        let top = try #require(parent)
        try await registry.setTag(.latest, of: Self.repository(), to: top, in: Self.scope(), by: BlobPush.agent)
        return top
    }

    func face(_ kind: Face, tag: ImageModel.Tag = .latest) async throws -> StoredManifest {
        let origin = try await registry.origin(of: tag, in: Self.repository())
        return try await registry.manifest(as: kind, of: origin, tag: tag, in: Self.repository())
    }

    /// What v1 shows under the tag: the documents from the top down, and the length of each layer.
    func v1Chain(tag: ImageModel.Tag = .latest) async throws -> [String] {
        let text = try #require(try await registry.tag(tag, of: Self.repository())?.imageID)
        var found: [String] = []
        for id in try await registry.ancestry(of: try #require(ImageID(text)), in: Self.scope()).ids {
            let image = try await registry.image(id, in: Self.scope())
            let bytes = try await Push.bytes(registry.layer(of: id, in: Self.scope()))
            var covered = image.document + [UInt8(ascii: "\n")]
            covered += bytes
            #expect(image.payloadSum == ImageModel.Digest.of(covered, .sha256).description)
            #expect(bytes.starts(with: [0x1f, 0x8b]))
            found.append(String(decoding: image.document, as: UTF8.self))
        }
        return found
    }

    /// One empty file, with the end that an archive has.
    private static func archive(of file: String) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8) }
        put(file, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put("00000000000", at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.utf8.count) + sum, at: 148)
        header[154] = 0
        return header + [UInt8](repeating: 0, count: 1024)
    }
}
