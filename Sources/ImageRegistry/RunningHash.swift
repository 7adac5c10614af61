import Crypto
import ImageModel
import NIOConcurrencyHelpers
import NIOCore

/// A sum over bytes as they come.
enum RunningHash: Sendable {
    case sha256(SHA256)
    case sha512(SHA512)

    init(_ algorithm: ImageModel.Digest.Algorithm) {
        switch algorithm {
        case .sha256: self = .sha256(SHA256())
        case .sha512: self = .sha512(SHA512())
        }
    }

    mutating func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { pointer in
            switch self {
            case .sha256(var sum):
                sum.update(bufferPointer: pointer)
                self = .sha256(sum)
            case .sha512(var sum):
                sum.update(bufferPointer: pointer)
                self = .sha512(sum)
            }
        }
    }

    /// The sum of what has come so far.
    var digest: ImageModel.Digest {
        switch self {
        case .sha256(let sum): ImageModel.Digest(sum.finalize())
        case .sha512(let sum): ImageModel.Digest(sum.finalize())
        }
    }

    var algorithm: ImageModel.Digest.Algorithm {
        switch self {
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }
}

/// The sums of uploads that this process has taken in so far, so that their bytes need not be read again at the end. A sum that is not here
/// is found by reading: after a restart, on another machine, or when too many uploads are open.
final class UploadHashes: Sendable {
    /// Sums that are kept at most; each takes some hundred bytes.
    private static let countLimit = 4096

    private let kept = NIOLockedValueBox<[UploadID: (length: Int64, hash: RunningHash)]>([:])

    /// The sum of the upload's first `length` bytes, if it is known. It is known no more then: whoever takes it goes on with it.
    func take(_ id: UploadID, length: Int64) -> RunningHash? {
        let found = kept.withLockedValue { $0.removeValue(forKey: id) }
        return found.flatMap { $0.length == length ? $0.hash : nil }
    }

    func keep(_ hash: RunningHash, of id: UploadID, length: Int64) {
        kept.withLockedValue { kept in
            if kept.count >= Self.countLimit { kept.removeAll(keepingCapacity: true) }
            kept[id] = (length, hash)
        }
    }

    func forget(_ id: UploadID) { _ = kept.withLockedValue { $0.removeValue(forKey: id) } }
}
