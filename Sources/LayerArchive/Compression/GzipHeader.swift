import CISAL

/// Reads the header of a gzip member from pieces of any size (RFC 1952 §2.3).
///
/// ISA-L's own reader loses its place when a header with optional fields crosses the border of two inputs.
struct GzipHeader {
    enum State: Equatable {
        case running, ended, corrupt
    }

    private enum Field {
        case fixed, extraLength, extra, name, comment, sum, end
    }

    private var field = Field.fixed
    /// How many bytes of the field have been read.
    private var position = 0
    private var flags: UInt8 = 0
    private var extraLength = 0
    private var crc: UInt32 = 0
    private var storedSum: UInt16 = 0

    /// Takes the header's bytes off `input`.
    mutating func read(_ input: inout UnsafeRawBufferPointer) -> State {
        while field != .end {
            guard let byte = input.first else { return .running }
            input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            guard read(byte) else { return .corrupt }
        }
        return .ended
    }

    private mutating func read(_ byte: UInt8) -> Bool {
        if field != .sum { withUnsafeBytes(of: byte) { crc = crc32_gzip_refl(crc, $0.baseAddress, 1) } }
        defer { position += 1 }
        switch field {
        case .fixed: return readFixed(byte)
        case .extraLength:
            extraLength |= Int(byte) << (8 * position)
            if position == 1 { extraLength > 0 ? begin(.extra) : begin(after: .extra) }
        case .extra:
            if position == extraLength - 1 { begin(after: .extra) }
        case .name, .comment:
            if byte == 0 { begin(after: field) }
        case .sum:
            storedSum |= UInt16(byte) << (8 * position)
            if position == 1 {
                guard storedSum == UInt16(truncatingIfNeeded: crc) else { return false }
                begin(.end)
            }
        case .end: break
        }
        return true
    }

    private mutating func readFixed(_ byte: UInt8) -> Bool {
        switch position {
        case 0: return byte == 0x1f
        case 1: return byte == 0x8b
        case 2: return byte == 8
        case 3:
            flags = byte
            // Reserved bits announce fields that nobody can skip.
            return byte & 0xe0 == 0
        case 9: begin(after: .fixed)
        default: break
        }
        return true
    }

    /// The fields stand in this order, each there when its flag is.
    private mutating func begin(after last: Field) {
        let order: [(Field, UInt8)] = [(.extraLength, 4), (.name, 8), (.comment, 16), (.sum, 2)]
        let passed =
            switch last {
            case .fixed: 0
            case .extraLength, .extra: 1
            case .name: 2
            case .comment: 3
            case .sum, .end: 4
            }
        begin(order[passed...].first { flags & $0.1 != 0 }?.0 ?? .end)
    }

    private mutating func begin(_ next: Field) {
        field = next
        position = -1
    }
}
