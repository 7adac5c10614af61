/// The path of a request, cut into its decoded components once, at the door.
///
/// Whatever could be read in two ways is refused: empty components, `.` and `..`, an encoded slash, a backslash, control characters,
/// percent signs that encode nothing, and bytes that are no UTF-8 (RFC 3986 §3.3; field.md class W).
public struct RequestPath: Hashable, Sendable {
    public let components: [String]
    /// Whether a slash stood at the end, which is no component.
    public let endsInSlash: Bool

    /// Nil when the path is refused. A query is not part of it.
    public init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8.prefix { $0 != UInt8(ascii: "?") })[...]
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        bytes = bytes.dropFirst()
        guard !bytes.isEmpty else {
            components = []
            endsInSlash = true
            return
        }
        endsInSlash = bytes.last == UInt8(ascii: "/")
        if endsInSlash { bytes = bytes.dropLast() }
        var components: [String] = []
        for piece in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let component = PercentEncoding.decode(piece, plusIsSpace: false), !component.isEmpty, component != ".",
                component != "..",
                component.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") })
            else { return nil }
            components.append(component)
        }
        self.components = components
    }
}

/// The query of a request: fields in their order, decoded as a form is (a plus sign is a space).
public struct RequestQuery: Hashable, Sendable {
    private let fields: [(name: String, value: String)]

    /// Nil when a percent sign encodes nothing, a byte is no UTF-8, or a NUL is in it. `text` is a whole request target.
    public init?(of text: some StringProtocol) {
        let mark = text.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.init(form: mark.map { text.utf8[text.utf8.index(after: $0)...] } ?? text.utf8.suffix(0))
    }

    /// Fields that are a body of `application/x-www-form-urlencoded`. Nil as above.
    public init?(form bytes: some Collection<UInt8>) {
        var fields: [(String, String)] = []
        for piece in bytes.split(separator: UInt8(ascii: "&")) {
            let halves = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(halves[0], plusIsSpace: true),
                let value = PercentEncoding.decode(halves.count > 1 ? halves[1] : halves[0].prefix(0), plusIsSpace: true),
                !name.utf8.contains(0), !value.utf8.contains(0)
            else { return nil }
            fields.append((name, value))
        }
        self.fields = fields
    }

    /// The first field of this name.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Every field of this name, in order.
    public func values(of name: String) -> [String] { fields.lazy.filter { $0.name == name }.map(\.value) }

    /// Whether there is such a field, be it an empty one.
    public func contains(_ name: String) -> Bool { self[name] != nil }

    public static func == (left: RequestQuery, right: RequestQuery) -> Bool { left.fields.elementsEqual(right.fields, by: ==) }

    public func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }
}

enum PercentEncoding {
    /// Everything but the unreserved characters of RFC 3986 §2.3 becomes a percent sign and two digits.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil when a percent sign is not followed by two hexadecimal digits, or the bytes are no UTF-8.
    static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
