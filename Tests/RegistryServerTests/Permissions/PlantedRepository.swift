import ImageModel
import ImageRegistry
import LayerArchive
import NIOCore
import Testing

/// A repository of the world, with four images of its own in the states in which a push leaves them.
struct PlantedRepository: Sendable {
    let name: RepositoryName
    let isPrivate: Bool
    /// In the names of its files.
    let word: String
    /// Complete; `latest` names it.
    let image: PlantedImage
    /// In the repository's list only.
    let declared: PlantedImage
    /// Has its document.
    let begun: PlantedImage
    /// Has its layer too, and waits for its sum.
    let layered: PlantedImage
    /// What it holds in the OCI Distribution dialect.
    let content: PlantedContent
    /// What is derived of that, and of ``image``.
    let faces: PlantedFaces

    init(_ name: String, isPrivate: Bool = false) throws {
        self.name = try #require(RepositoryName(name))
        self.isPrivate = isPrivate
        let word = name.replacing("/", with: ".")
        self.word = word
        func planted(_ part: String) throws -> PlantedImage { try #require(PlantedImage("\(word).\(part)")) }
        image = try planted("image")
        declared = try planted("declared")
        begun = try planted("begun")
        layered = try planted("layered")
        content = PlantedContent(word)
        faces = PlantedFaces(word, image: image, content: content)
    }

    /// What the tables call by these names.
    var values: [String: String] {
        [
            "name": name.text, "image": image.id.text, "document": String(decoding: image.document, as: UTF8.self),
            "layer": String(decoding: image.layer, as: UTF8.self), "sum": image.sum.description, "word": word,
            "access": isPrivate ? "private" : "public",
        ].merging(content.values) { old, _ in old }.merging(faces.values) { old, _ in old }
    }

    /// Docker 1.0.0, as it names itself.
    static let agent = PushAgent(
        dockerVersion: "1.0.0", goVersion: "go1.2.1", architecture: "amd64", operatingSystem: "linux", kernel: "3.13.0")

    func plant(in registry: Registry) async throws {
        let scope = ImageScope(repository: name, caller: .anyone)
        try await registry.declare([image, declared, begun, layered].map { DeclaredImage(id: $0.id) }, in: name)
        try await registry.setPrivate(isPrivate, name)
        for planted in [image, begun, layered] {
            try await registry.beginImage(planted.id, document: planted.document, offered: [], in: scope)
        }
        for planted in [image, layered] {
            let body = AsyncStream { continuation in
                continuation.yield(ByteBuffer(bytes: planted.layer))
                continuation.finish()
            }
            try await registry.receiveLayer(body, of: planted.id, in: scope)
        }
        try await registry.offer([.payload(image.sum)], for: image.id, in: scope)
        try await registry.setTag(.latest, of: name, to: image.id, in: scope, by: Self.agent)
    }
}
