import Crypto
import ImageModel
import LayerArchive
import NIOConcurrencyHelpers
import NIOCore
import Storage

/// The one pass over a layer's bytes: stored, summed and unpacked as they arrive.
///
/// Bytes are gathered to batches; while one batch is written and hashed, each in a task of its own, the next one arrives. So two cores are
/// busy with one layer, and no more than two batches of it are in memory.
struct LayerIntake: Sendable {
    /// Bytes of a batch; below it the tasks cost more than they bring.
    private static let batchSize = 1 << 20

    let blobs: BlobStore
    let limits: RegistryLimits

    /// - Parameters:
    ///   - document: the image's document, which the sums begin with.
    ///   - labels: tarsums to be found beside the one of version 0.
    /// - Throws: ``RegistryError/layerTooLarge(limit:)``, ``RegistryError/layerExpandsTooFar(limit:)``, ``RegistryError/storageFull``.
    func receive<Body: AsyncSequence & Sendable>(
        _ body: Body, document: [UInt8], summing labels: [Tarsum.Label]
    ) async throws -> ReceivedLayer where Body.Element == ByteBuffer {
        let reader = reader(document: document, labels: [.standard] + labels.filter { $0 != .standard })
        let digest = NIOLockedValueBox(SHA256())
        let payload = NIOLockedValueBox(PayloadSum(json: document))
        let size = NIOLockedValueBox<Int64>(0)
        try await blobs.write { writer in
            try await inBatches(body) { batch, group in
                let total = size.withLockedValue { size in
                    size += Int64(batch.reduce(0) { $0 + $1.readableBytes })
                    return size
                }
                guard total <= limits.layerSize else { throw RegistryError.layerTooLarge(limit: limits.layerSize) }
                group.addTask { for piece in batch { try await writer.write(piece) } }
                group.addTask { for piece in batch { try Self.read(piece, by: reader) } }
                group.addTask {
                    digest.withLockedValue { hash in batch.forEach { $0.withUnsafeReadableBytes { hash.update(bufferPointer: $0) } } }
                }
                group.addTask { payload.withLockedValue { sum in batch.forEach { $0.withUnsafeReadableBytes { sum.update($0) } } } }
            }
            return Digest(digest.withLockedValue { $0.finalize() })
        }
        return ReceivedLayer(
            digest: Digest(digest.withLockedValue { $0.finalize() }), size: size.withLockedValue(\.self),
            payloadSum: payload.withLockedValue { $0.finalize() },
            contents: try Self.refusals { () throws(LayerArchiveError) in try reader.finish() })
    }

    /// The tarsums of a layer that is stored already.
    func tarsums(of object: StoredObject, document: [UInt8], labels: [Tarsum.Label]) async throws -> [Tarsum] {
        let reader = reader(document: document, labels: labels)
        for try await piece in object.bytes(in: 0..<object.size) { try Self.read(piece, by: reader) }
        return try Self.refusals { () throws(LayerArchiveError) in try reader.finish() }.tarsums
    }

    /// The files of a layer that is stored already.
    ///
    /// - Throws: ``RegistryError/layerNotListable`` when it is no archive, or one with too many files.
    func files(of object: StoredObject) async throws -> [LayerFile] {
        let reader = LayerReader(LayerReader.Options(tarsums: [], listsFiles: true, limits: archiveLimits))
        for try await piece in object.bytes(in: 0..<object.size) { try Self.read(piece, by: reader) }
        guard let files = try Self.refusals({ () throws(LayerArchiveError) in try reader.finish() }).files else {
            throw RegistryError.layerNotListable
        }
        return files
    }

    private var archiveLimits: LayerLimits { LayerLimits(uncompressedSize: Int(limits.uncompressedLayerSize)) }

    private func reader(document: [UInt8], labels: [Tarsum.Label]) -> LayerReader {
        LayerReader(LayerReader.Options(tarsums: labels, extra: document, limits: archiveLimits))
    }

    /// Hands `body` on in batches: a batch's tasks are waited for when the next batch is whole, or the body ends.
    private func inBatches<Body: AsyncSequence>(
        _ body: Body, _ work: ([ByteBuffer], inout ThrowingTaskGroup<Void, any Error>) throws -> Void
    ) async throws where Body.Element == ByteBuffer {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var batch: [ByteBuffer] = []
            var length = 0
            for try await piece in body {
                batch.append(piece)
                length += piece.readableBytes
                guard length >= Self.batchSize else { continue }
                try await group.waitForAll()
                try work(batch, &group)
                batch = []
                length = 0
            }
            try await group.waitForAll()
            try work(batch, &group)
            try await group.waitForAll()
        }
    }

    private static func read(_ bytes: ByteBuffer, by reader: LayerReader) throws {
        try refusals { () throws(LayerArchiveError) in
            var failure: LayerArchiveError?
            bytes.withUnsafeReadableBytes { pointer in
                do throws(LayerArchiveError) { try reader.update(pointer) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    private static func refusals<Value>(_ body: () throws(LayerArchiveError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            switch error {
            case .uncompressedSizeExceeded(let limit): throw RegistryError.layerExpandsTooFar(limit: Int64(limit))
            case .decoderMemoryExceeded(let limit): throw RegistryError.layerNeedsTooMuchMemory(limit: Int64(limit))
            case .listedFilesExceeded, .listedPathBytesExceeded: throw RegistryError.layerNotListable
            }
        }
    }
}
