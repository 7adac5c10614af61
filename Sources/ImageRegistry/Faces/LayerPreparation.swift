import Crypto
import ImageModel
import LayerArchive
import NIOCore
import Storage

/// A layer as every engine reads it, and what else a face asks of it.
struct PreparedLayer: Sendable {
    let gzip: SizedDigest
    /// Nil when it was not asked for.
    let diffID: ImageModel.Digest?
    /// The payload sum with the document that was given; nil without one.
    let payloadSum: ImageModel.Digest?
}

/// Finds out about stored layers what faces need, in at most one pass over each, and packs anew what is no gzip. What is found and made is kept.
struct LayerPreparation {
    let registry: Registry

    /// - Parameters:
    ///   - needsDiffID: whether the sum of the unpacked bytes is needed; it takes unpacking.
    ///   - document: what the payload sum begins with, if one is wanted.
    /// - Throws: `ConversionRefusal.layerDamaged`, `.layerMissing`; ``RegistryError``.
    func prepare(_ digest: ImageModel.Digest, needsDiffID: Bool, document: [UInt8]? = nil) async throws -> PreparedLayer {
        if let layer = try await known(digest, needsDiffID: needsDiffID, document: document) { return layer }
        return try await registry.derivations.once(.layer(digest)) {
            try await known(digest, needsDiffID: needsDiffID, document: document)
        } make: {
            try await registry.derivations.reading {
                let object = try await open(digest)
                return try await read(object, of: digest, compression: try await Self.compression(of: object), document: document)
            }
        }
    }

    /// The layer when nothing but its payload sum takes reading it.
    private func known(_ digest: ImageModel.Digest, needsDiffID: Bool, document: [UInt8]?) async throws -> PreparedLayer? {
        let knowledge = try await knowledge(of: digest)
        let stored = SizedDigest(digest: digest, size: knowledge.size)
        if let content = knowledge.content {
            guard content.isArchive else { throw ConversionRefusal.layerDamaged(digest) }
            guard let gzip = content.isGzip ? stored : knowledge.packed else { return nil }
            return PreparedLayer(gzip: gzip, diffID: content.diffID, payloadSum: try await payloadSum(of: gzip, document))
        }
        guard !needsDiffID, try await Self.compression(of: open(digest)) == .gzip else { return nil }
        return PreparedLayer(gzip: stored, diffID: nil, payloadSum: try await payloadSum(of: stored, document))
    }

    private func knowledge(of digest: ImageModel.Digest) async throws -> LayerKnowledge {
        guard let knowledge = try await registry.read({ try $0.layerKnowledge(digest) }) else {
            throw ConversionRefusal.layerMissing(digest)
        }
        return knowledge
    }

    private func open(_ digest: ImageModel.Digest) async throws -> StoredObject {
        try await registry.blobs.open(digest.description, size: try await knowledge(of: digest).size)
    }

    private func read(
        _ object: StoredObject, of digest: ImageModel.Digest, compression: Compression, document: [UInt8]?
    ) async throws -> PreparedLayer {
        var pass = LayerPass(
            LayerConversion(
                LayerConversion.Options(
                    findsDiffID: true, packs: compression != .gzip,
                    limits: LayerLimits(uncompressedSize: Int(registry.limits.uncompressedLayerSize))),
                compression: compression),
            document: document)
        if compression == .gzip {
            for try await piece in object.bytes(in: 0..<object.size) { try pass.unpack(piece) }
            let outcome = try pass.finish { _ in }
            let diffID = try Self.diffID(outcome, of: digest, compression)
            try await registry.write { try $0.record(.init(outcome, diffID, compression, packed: nil), of: digest) }
            return PreparedLayer(gzip: SizedDigest(digest: digest, size: object.size), diffID: diffID, payloadSum: pass.payloadSum)
        }
        var hash = SHA256()
        var size: Int64 = 0
        var found: (outcome: LayerConversion.Outcome, diffID: ImageModel.Digest)?
        let landed = try await registry.blobs.write { writer in
            var buffer = ByteBuffer()
            let sink = { (bytes: UnsafeRawBufferPointer) in _ = buffer.writeBytes(bytes) }
            for try await piece in object.bytes(in: 0..<object.size) {
                var position: Int? = 0
                while let start = position {
                    position = try pass.pack(piece, from: start, sink)
                    try await flush(&buffer)
                }
            }
            let outcome = try pass.finish(sink)
            try await flush(&buffer)
            found = (outcome, try Self.diffID(outcome, of: digest, compression))
            return ImageModel.Digest(hash.finalize())

            func flush(_ buffer: inout ByteBuffer) async throws {
                guard buffer.readableBytes > 0 else { return }
                buffer.withUnsafeReadableBytes { bytes in
                    hash.update(bufferPointer: bytes)
                    pass.sum(bytes)
                }
                size += Int64(buffer.readableBytes)
                try await writer.write([buffer])
                buffer = ByteBuffer()
            }
        }
        guard let found else { throw ConversionRefusal.layerDamaged(digest) }
        let (length, time) = (size, registry.now())
        try await registry.write { catalog in
            try catalog.record(landed, size: length, isDerived: true, at: time)
            try catalog.record(.init(found.outcome, found.diffID, compression, packed: landed.digest), of: digest)
        }
        return PreparedLayer(
            gzip: SizedDigest(digest: landed.digest, size: size), diffID: found.diffID, payloadSum: pass.payloadSum)
    }

    private static func diffID(
        _ outcome: LayerConversion.Outcome, of digest: ImageModel.Digest, _ compression: Compression
    ) throws -> ImageModel.Digest {
        guard outcome.isWhole, let diffID = outcome.diffID ?? (compression == .none ? digest : nil) else {
            throw ConversionRefusal.layerDamaged(digest)
        }
        return diffID
    }

    /// Bytes that tell every format.
    private static let headLength: Int64 = 10

    /// What packs the stored bytes, told from the bytes themselves.
    private static func compression(of object: StoredObject) async throws -> Compression {
        var head: [UInt8] = []
        for try await piece in object.bytes(in: 0..<min(object.size, Self.headLength)) {
            head += piece.readableBytesView
        }
        return Compression.ofHead(head)
    }

    /// The payload sum over a layer that is there as it is shown.
    private func payloadSum(of gzip: SizedDigest, _ document: [UInt8]?) async throws -> ImageModel.Digest? {
        guard let document else { return nil }
        return try await registry.derivations.reading {
            var sum = PayloadSum(json: document)
            let object = try await registry.blobs.open(gzip.digest.description, size: gzip.size)
            for try await piece in object.bytes(in: 0..<object.size) { piece.withUnsafeReadableBytes { sum.update($0) } }
            return sum.finalize()
        }
    }
}

/// One pass over a layer.
private struct LayerPass {
    private let conversion: LayerConversion
    private var payload: PayloadSum?

    init(_ conversion: LayerConversion, document: [UInt8]?) {
        self.conversion = conversion
        payload = document.map { PayloadSum(json: $0) }
    }

    var payloadSum: ImageModel.Digest? { payload?.finalize() }

    /// Reads a layer that is shown as it is.
    mutating func unpack(_ piece: ByteBuffer) throws {
        try piece.withUnsafeReadableBytes { bytes in
            sum(bytes)
            try LayerIntake.refusals { () throws(LayerArchiveError) in try conversion.update(bytes) { _ in } }
        }
    }

    /// Reads some of a piece of a layer that is packed anew, and gives the place to go on; few bytes may unpack to many.
    func pack(_ piece: ByteBuffer, from start: Int, _ sink: (UnsafeRawBufferPointer) -> Void) throws -> Int? {
        try piece.withUnsafeReadableBytes { bytes in
            try LayerIntake.refusals { () throws(LayerArchiveError) in try conversion.update(bytes, from: start, sink: sink) }
        }
    }

    /// Adds bytes of the layer as it is shown to the payload sum.
    mutating func sum(_ bytes: UnsafeRawBufferPointer) { payload?.update(bytes) }

    func finish(_ sink: (UnsafeRawBufferPointer) -> Void) throws -> LayerConversion.Outcome {
        try LayerIntake.refusals { () throws(LayerArchiveError) in try conversion.finish(sink: sink) }
    }
}

extension LayerContentRow {
    fileprivate init(
        _ outcome: LayerConversion.Outcome, _ diffID: ImageModel.Digest, _ compression: Compression, packed: ImageModel.Digest?
    ) {
        self.init(
            diffID: diffID, uncompressedSize: outcome.uncompressedSize, compression: compression.rawValue, packed: packed)
    }
}
