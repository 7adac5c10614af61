/// Reads a JSON document (RFC 8259) once, from front to back, without building a tree of it, and strictly: UTF-8 and whole surrogate pairs
/// only, no key twice in one object, nothing after the end.
///
/// Strictness is the point. Where readers of one document may differ (which of two equal keys counts, what half a surrogate pair is), a
/// manifest could be one thing to the registry and another to its clients (CVE-2021-41190). `JSONDecoder` takes the first of two keys.
///
/// Every method that reads a value begins before it and leaves the position behind it, whatever kind of value it was. Time is linear in the
/// document; what is kept is one hash for each key of the objects that are open.
struct JSONReader<Refusal: JSONRefusal> {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0
    /// How many objects and arrays may stand within each other.
    private let depthLimit: Int

    init(_ bytes: [UInt8], depthLimit: Int = 100) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    /// What the next value is, by its first byte.
    mutating func next() throws(Refusal) -> JSONKind {
        skipBlanks()
        guard position < bytes.count, let kind = JSONKind(firstByte: bytes[position]) else { throw Refusal(.notJSON) }
        return kind
    }

    /// Whether the next value is `null`; only then it is read.
    mutating func null() throws(Refusal) -> Bool {
        guard try next() == .null else { return false }
        try literal("null")
        return true
    }

    /// The text of a string; nil for any other value.
    mutating func string() throws(Refusal) -> String? {
        guard try next() == .string else {
            try skip()
            return nil
        }
        return text(of: try stringToken())
    }

    /// An integer from 0 up, written in digits alone; nil for any other value, and for what `Int64` cannot hold.
    mutating func integer() throws(Refusal) -> Int64? {
        guard try next() == .number else {
            try skip()
            return nil
        }
        let start = position
        try number()
        let digits = bytes[start..<position]
        guard digits.allSatisfy(\.isDigit) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// Calls `body` for each member of an object, before its value, which `body` has to read. False for any other value.
    mutating func members(
        _ body: (inout JSONReader, JSONString) throws(Refusal) -> Void
    ) throws(Refusal) -> Bool {
        guard try next() == .object else {
            try skip()
            return false
        }
        try enter(depth)
        depth += 1
        defer { depth -= 1 }
        guard !closes(.object) else { return true }
        var names: Set<Int> = []
        repeat {
            let name = try name(&names)
            try body(&self, name)
        } while try goesOn(in: .object)
        return true
    }

    /// Calls `body` before each element of an array, which `body` has to read. False for any other value.
    mutating func elements(_ body: (inout JSONReader) throws(Refusal) -> Void) throws(Refusal) -> Bool {
        guard try next() == .array else {
            try skip()
            return false
        }
        try enter(depth)
        depth += 1
        defer { depth -= 1 }
        guard !closes(.array) else { return true }
        repeat { try body(&self) } while try goesOn(in: .array)
        return true
    }

    /// Reads any value and forgets it. Without recursion: nesting costs a few bytes of the heap and no stack.
    mutating func skip() throws(Refusal) {
        var open: [JSONKind] = []
        var names: [Set<Int>] = []
        repeat {
            let kind = try next()
            switch kind {
            case .object, .array:
                try enter(depth + open.count)
                open.append(kind)
                names.append([])
                if !closes(kind) {
                    if kind == .object { _ = try name(&names[names.count - 1]) }
                    continue
                }
                open.removeLast()
                names.removeLast()
            default: try scalar(kind)
            }
            while let kind = open.last {
                if try goesOn(in: kind) {
                    if kind == .object { _ = try name(&names[names.count - 1]) }
                    break
                }
                open.removeLast()
                names.removeLast()
            }
        } while !open.isEmpty
    }

    /// Refuses anything but blanks from here on.
    mutating func end() throws(Refusal) {
        skipBlanks()
        guard position == bytes.count else { throw Refusal(.notJSON) }
    }
}

extension JSONReader {
    /// The opening bracket, unless too many are open.
    private mutating func enter(_ open: Int) throws(Refusal) {
        guard open < depthLimit else { throw Refusal(.tooDeep) }
        position += 1
    }

    /// Whether an object or array that has just been opened is empty.
    private mutating func closes(_ kind: JSONKind) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == kind.closing else { return false }
        position += 1
        return true
    }

    /// Whether a comma follows; otherwise the bracket has to.
    private mutating func goesOn(in kind: JSONKind) throws(Refusal) -> Bool {
        skipBlanks()
        guard position < bytes.count else { throw Refusal(.notJSON) }
        let byte = bytes[position]
        guard byte == UInt8(ascii: ",") || byte == kind.closing else { throw Refusal(.notJSON) }
        position += 1
        return byte == UInt8(ascii: ",")
    }

    /// A member's name and the colon behind it.
    ///
    /// Names are remembered by a hash with the process's random seed. Equal names have equal hashes, so none escapes; that two different
    /// ones collide and are refused happens once in a thousand million documents of a hundred thousand keys, and nobody can aim at it.
    private mutating func name(_ names: inout Set<Int>) throws(Refusal) -> JSONString {
        guard try next() == .string else { throw Refusal(.notJSON) }
        let name = try stringToken()
        guard names.insert(hash(of: name)).inserted else { throw Refusal(.duplicateKey(JSONFault.excerpt(text(of: name)))) }
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw Refusal(.notJSON) }
        position += 1
        return name
    }

    private mutating func scalar(_ kind: JSONKind) throws(Refusal) {
        switch kind {
        case .string: _ = try stringToken()
        case .number: try number()
        case .true: try literal("true")
        case .false: try literal("false")
        case .null: try literal("null")
        case .object, .array: throw Refusal(.notJSON)
        }
    }

    private mutating func literal(_ word: StaticString) throws(Refusal) {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) }) else { throw Refusal(.notJSON) }
        position = end
    }

    private mutating func number() throws(Refusal) {
        skip("-")
        guard skip("0") || digits() else { throw Refusal(.notJSON) }
        if skip(".") {
            guard digits() else { throw Refusal(.notJSON) }
        }
        if skip("e") || skip("E") {
            if !skip("+") { skip("-") }
            guard digits() else { throw Refusal(.notJSON) }
        }
    }

    @discardableResult private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digits() -> Bool {
        let start = position
        while position < bytes.count, bytes[position].isDigit { position += 1 }
        return position > start
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position].isJSONBlank { position += 1 }
    }
}

extension UInt8 {
    var isJSONBlank: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }
}
