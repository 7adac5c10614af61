import Crypto
import ImageModel

/// One who comes to tarsums at the end of a tar.
protocol TarSummer: TarEntryConsumer {
    /// The sums, one for each rule of engines where they differ; empty when there were too many members to remember.
    func finish() -> [Tarsum]
}

/// Computes the tarsum of one label; remembers a sum and a hashed path for each member.
final class TarsumHasher<Hash: HashFunction>: TarSummer {
    private let label: Tarsum.Label
    private let extra: [UInt8]
    private let entryLimit: Int
    private var text: TarsumText
    private var hash = Hash()
    private var path: [UInt8] = []
    private var sums = EntrySums(width: Hash.Digest.byteCount)
    private var isOverLimit = false

    /// - Parameter extra: what goes before the members' sums: the image's JSON, or nothing.
    init(label: Tarsum.Label, extra: [UInt8], entryLimit: Int) {
        self.label = label
        self.extra = extra
        self.entryLimit = entryLimit
        text = TarsumText(version: label.version)
    }

    func begin(_ entry: TarEntry) {
        guard !isOverLimit else { return }
        guard sums.count < entryLimit else {
            isOverLimit = true
            sums = EntrySums(width: Hash.Digest.byteCount)
            return
        }
        text.set(entry)
        path = entry.name
        hash = Hash()
        text.bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    func body(_ bytes: UnsafeRawBufferPointer) {
        if !isOverLimit { hash.update(bufferPointer: bytes) }
    }

    func end() {
        if !isOverLimit { sums.append(sum: hash.finalize(), path: TarPath.clean(path)) }
    }

    func finish() -> [Tarsum] {
        guard !isOverLimit else { return [] }
        let (keepingDuplicates, keepingLast) = sums.orders()
        let sum = total(keepingDuplicates)
        // v1 and dev came with the engines that keep duplicates.
        guard label.version == .v0, keepingLast.count != keepingDuplicates.count else { return [sum] }
        return [sum, total(keepingLast)]
    }

    private func total(_ order: [Int]) -> Tarsum {
        var hash = Hash()
        extra.withUnsafeBytes { hash.update(bufferPointer: $0) }
        var hex: [UInt8] = []
        for index in order {
            hex.appendHex(sums[index])
            if hex.count >= 64 * 1024 {
                hex.withUnsafeBytes { hash.update(bufferPointer: $0) }
                hex.removeAll(keepingCapacity: true)
            }
        }
        hex.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Tarsum(label: label, hex: Hex.encode(hash.finalize()))
    }
}

extension [UInt8] {
    /// As ``Hex/encode(_:)``, without a text in between.
    fileprivate mutating func appendHex(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
}

extension Tarsum.Label {
    /// What computes sums with this label.
    func summer(extra: [UInt8], entryLimit: Int) -> any TarSummer {
        switch hash {
        case .md5: TarsumHasher<Insecure.MD5>(label: self, extra: extra, entryLimit: entryLimit)
        case .sha1: TarsumHasher<Insecure.SHA1>(label: self, extra: extra, entryLimit: entryLimit)
        case .sha256: TarsumHasher<SHA256>(label: self, extra: extra, entryLimit: entryLimit)
        case .sha384: TarsumHasher<SHA384>(label: self, extra: extra, entryLimit: entryLimit)
        case .sha512: TarsumHasher<SHA512>(label: self, extra: extra, entryLimit: entryLimit)
        }
    }
}
