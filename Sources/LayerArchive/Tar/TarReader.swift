/// Reads a tar that is pushed in, in pieces of any size, and shows its members to consumers as they pass.
///
/// Bodies go to the consumers as spans of the caller's own bytes, never copied. GNU long names and PAX headers are resolved into the member
/// that they stand before. Global PAX headers are passed over: engines never wrote them into layers. The body of an old GNU sparse file is
/// its stored pieces, not the file with its holes. Reading ends at the first zero block; what follows is padding.
struct TarReader {
    /// What a stream has turned out to be.
    enum Outcome: Equatable {
        /// A tar to its end; the end blocks may be missing.
        case tar
        /// Not a tar, or one that is damaged or cut off.
        case notTar
        /// A tar, given up within a helper header longer than the limit.
        case overLimit
    }

    private enum State {
        case header
        /// Within the body of a member that the consumers see.
        case body(remaining: UInt64, padding: UInt64)
        /// Within the body of a helper header, which is kept.
        case helper(type: UInt8, remaining: UInt64, padding: UInt64)
        /// Within the body of a global PAX header.
        case passedOver(remaining: UInt64, padding: UInt64)
        case padding(remaining: UInt64)
        /// Before a block with more of an old GNU sparse map.
        case sparseMap(body: UInt64)
        case ended(Outcome)
    }

    private let consumers: [any TarEntryConsumer]
    private let helperLimit: UInt64
    private var state = State.header
    private let block = TarBlock()
    private var helper: [UInt8] = []
    private var longName: [UInt8]?
    private var longLink: [UInt8]?
    private var records: PAXRecords?

    /// - Parameter helperLimit: the longest PAX header or GNU long name, in bytes.
    init(consumers: [any TarEntryConsumer], helperLimit: Int) {
        self.consumers = consumers
        self.helperLimit = UInt64(max(0, helperLimit))
    }

    /// - Throws: what a consumer throws at a member that it cannot take.
    mutating func update(_ bytes: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            switch state {
            case .header:
                if let header = block.fill(from: &rest) { try readHeader(header) }
            case .sparseMap(let body):
                guard let map = block.fill(from: &rest) else { return }
                // The byte after the 21 pieces of an extension says whether another extension follows.
                if map[504] == 0 { startBody(body) }
            case .body(let remaining, let padding):
                let span = rest.removePrefix(atMost: remaining)
                for consumer in consumers { consumer.body(span) }
                let left = remaining - UInt64(span.count)
                state = .body(remaining: left, padding: padding)
                if left == 0 { endBody(padding: padding) }
            case .helper(let type, let remaining, let padding):
                let span = rest.removePrefix(atMost: remaining)
                helper.append(contentsOf: span)
                let left = remaining - UInt64(span.count)
                state = .helper(type: type, remaining: left, padding: padding)
                if left == 0 { endHelper(type: type, padding: padding) }
            case .passedOver(let remaining, let padding):
                let left = remaining - UInt64(rest.removePrefix(atMost: remaining).count)
                state = left == 0 ? .padding(remaining: padding) : .passedOver(remaining: left, padding: padding)
            case .padding(let remaining):
                let left = remaining - UInt64(rest.removePrefix(atMost: remaining).count)
                state = left == 0 ? .header : .padding(remaining: left)
            case .ended:
                return
            }
        }
    }

    /// To be called once, after the last bytes. Padding after the last body may be missing, as Go's reader and GNU tar allow.
    func finish() -> Outcome {
        switch state {
        case .header: block.isEmpty && !isBeforeMember ? .tar : .notTar
        case .padding: isBeforeMember ? .notTar : .tar
        case .body, .helper, .passedOver, .sparseMap: .notTar
        case .ended(let outcome): outcome
        }
    }

    /// A helper header wants its member.
    private var isBeforeMember: Bool { longName != nil || longLink != nil || records != nil }

    private mutating func readHeader(_ header: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        guard !TarHeader.isZero(header) else {
            state = .ended(isBeforeMember ? .notTar : .tar)
            return
        }
        guard var entry = TarHeader.parse(header) else {
            state = .ended(.notTar)
            return
        }
        switch entry.typeflag {
        case UInt8(ascii: "x"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            startHelper(type: entry.typeflag, size: UInt64(entry.size))
        case UInt8(ascii: "g"):
            let size = UInt64(entry.size)
            let padding = Self.padding(after: size)
            state = size > 0 ? .passedOver(remaining: size, padding: padding) : .header
        default:
            try resolve(&entry)
        }
    }

    /// A long name of GNU's wins over a PAX record, as in Go's reader.
    private mutating func resolve(_ entry: inout TarEntry) throws(LayerArchiveError) {
        records?.apply(to: &entry)
        if let longName { entry.name = longName }
        if let longLink { entry.linkname = longLink }
        records = nil
        longName = nil
        longLink = nil
        guard entry.size >= 0 else {
            state = .ended(.notTar)
            return
        }
        for consumer in consumers { try consumer.begin(entry) }
        if entry.hasSparseExtension {
            state = .sparseMap(body: UInt64(entry.bodySize))
        } else {
            startBody(UInt64(entry.bodySize))
        }
    }

    private mutating func startBody(_ size: UInt64) {
        let padding = Self.padding(after: size)
        state = .body(remaining: size, padding: padding)
        if size == 0 { endBody(padding: 0) }
    }

    private mutating func endBody(padding: UInt64) {
        for consumer in consumers { consumer.end() }
        state = padding == 0 ? .header : .padding(remaining: padding)
    }

    private mutating func startHelper(type: UInt8, size: UInt64) {
        guard size <= helperLimit else {
            state = .ended(.overLimit)
            return
        }
        helper.removeAll()
        let padding = Self.padding(after: size)
        state = .helper(type: type, remaining: size, padding: padding)
        if size == 0 { endHelper(type: type, padding: 0) }
    }

    private mutating func endHelper(type: UInt8, padding: UInt64) {
        state = padding == 0 ? .header : .padding(remaining: padding)
        switch type {
        case UInt8(ascii: "L"): longName = Array(helper.prefix { $0 != 0 })
        case UInt8(ascii: "K"): longLink = Array(helper.prefix { $0 != 0 })
        default:
            records = PAXRecords(helper)
            if records == nil { state = .ended(.notTar) }
        }
        helper.removeAll()
    }

    private static func padding(after size: UInt64) -> UInt64 {
        let partial = size % UInt64(TarHeader.blockSize)
        return partial == 0 ? 0 : UInt64(TarHeader.blockSize) - partial
    }
}
