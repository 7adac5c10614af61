import Crypto
import ImageModel
import LayerArchive
import NIOConcurrencyHelpers
import NIOCore
import Storage

/// The one pass over a layer's bytes: stored, summed and unpacked as they arrive.
///
/// Bytes are gathered to batches, and each batch goes down four lanes: one writes, one hashes for the digest, one for the payload sum, one
/// unpacks. A lane may be some batches ahead of another, so that two cores are busy with one layer all the time; how far is bounded, and so is
/// what is in memory.
struct LayerIntake: Sendable {
    /// Bytes of a batch; below it, handing over costs more than it brings.
    private static let batchSize = 512 << 10

    let blobs: BlobStore
    let limits: RegistryLimits

    /// - Parameters:
    ///   - document: the image's document, which the sums begin with.
    ///   - labels: tarsums to be found beside the one of version 0.
    ///   - accept: throws to have nothing stored after all.
    /// - Throws: ``RegistryError/layerTooLarge(limit:)``, ``RegistryError/layerExpandsTooFar(limit:)``, ``RegistryError/storageFull``; what
    ///   `body` or `accept` throws.
    func receive<Body: AsyncSequence & Sendable>(
        _ body: Body, document: [UInt8], summing labels: [Tarsum.Label], accepting accept: (LayerSums) throws -> Void = { _ in }
    ) async throws -> ReceivedLayer where Body.Element == ByteBuffer {
        let found = NIOLockedValueBox<LayerSums?>(nil)
        let landed = try await blobs.write { writer in
            let sums = try await pass(over: body, document: document, summing: labels) { try await writer.write($0) }
            try accept(sums)
            found.withLockedValue { $0 = sums }
            return sums.digest
        }
        guard let sums = found.withLockedValue(\.self) else { throw BlobStore.Missing(digest: landed.digest.description) }
        return ReceivedLayer(landed: landed, sums: sums)
    }

    /// The same without storing anything.
    func inspect<Body: AsyncSequence & Sendable>(
        _ body: Body, document: [UInt8], summing labels: [Tarsum.Label]
    ) async throws -> LayerSums where Body.Element == ByteBuffer {
        try await pass(over: body, document: document, summing: labels) { _ in }
    }

    private func pass<Body: AsyncSequence & Sendable>(
        over body: Body, document: [UInt8], summing labels: [Tarsum.Label],
        writing write: @escaping @Sendable ([ByteBuffer]) async throws -> Void
    ) async throws -> LayerSums where Body.Element == ByteBuffer {
        let reader = reader(document: document, labels: [.standard] + labels.filter { $0 != .standard })
        let digest = NIOLockedValueBox(SHA256())
        let payload = NIOLockedValueBox(PayloadSum(json: document))
        let size = NIOLockedValueBox<Int64>(0)
        try await Lanes.run(
            Batches(body, size: Self.batchSize),
            [
                { batch in
                    let total = size.withLockedValue { size in
                        size += Int64(batch.reduce(0) { $0 + $1.readableBytes })
                        return size
                    }
                    guard total <= limits.layerSize else { throw RegistryError.layerTooLarge(limit: limits.layerSize) }
                    try await write(batch)
                },
                { batch in for piece in batch { try Self.read(piece, by: reader) } },
                { batch in
                    digest.withLockedValue { sum in batch.forEach { $0.withUnsafeReadableBytes { sum.update(bufferPointer: $0) } } }
                },
                { batch in payload.withLockedValue { sum in batch.forEach { $0.withUnsafeReadableBytes { sum.update($0) } } } },
            ])
        return LayerSums(
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

    private static func read(_ bytes: ByteBuffer, by reader: LayerReader) throws {
        try refusals { () throws(LayerArchiveError) in
            var failure: LayerArchiveError?
            bytes.withUnsafeReadableBytes { pointer in
                do throws(LayerArchiveError) { try reader.update(pointer) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    static func refusals<Value>(_ body: () throws(LayerArchiveError) -> Value) throws -> Value {
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
