import ImageModel
import LayerArchive

/// All that came of a conversion.
struct Conversion: Equatable {
    var packed: [UInt8]
    var outcome: LayerConversion.Outcome

    var text: Converted {
        Converted(
            outcome.diffID?.description, size: outcome.uncompressedSize, packed: packed.isEmpty ? nil : sha256(packed).description,
            isWhole: outcome.isWhole)
    }
}

/// A ``Conversion`` in a form that a test can write down.
struct Converted: Equatable {
    var diffID: String?
    var size: Int
    /// The sum of the packed bytes. Nil when there are none.
    var packed: String?
    var isWhole: Bool

    init(_ diffID: String?, size: Int, packed: String?, isWhole: Bool = true) {
        self.diffID = diffID
        self.size = size
        self.packed = packed
        self.isWhole = isWhole
    }
}

/// Converts a whole layer, in pieces of `piece` bytes; 0 means all at once.
func convert(
    _ bytes: [UInt8], as compression: Compression? = nil, piece: Int = 0, findsDiffID: Bool = true, packs: Bool = true,
    limits: LayerLimits = LayerLimits()
) throws(LayerArchiveError) -> Conversion {
    let options = LayerConversion.Options(findsDiffID: findsDiffID, packs: packs, limits: limits)
    let conversion = LayerConversion(options, compression: compression ?? Compression.ofHead(bytes))
    var packed: [UInt8] = []
    let step = piece == 0 ? max(1, bytes.count) : piece
    for start in stride(from: 0, to: bytes.count, by: step) {
        // A copy of its own for each piece, so that reading past its end would be seen.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: min(step, bytes.count - start), alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes[start..<min(start + step, bytes.count)])
        try conversion.update(UnsafeRawBufferPointer(copy)) { packed += $0 }
    }
    let outcome = try conversion.finish { packed += $0 }
    return Conversion(packed: packed, outcome: outcome)
}

/// Bytes that do not repeat and cannot be packed, always the same.
func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
