/// Which bytes of an upload a request carries (OCI Distribution, "Pushing a blob in chunks"; RFC 9110 §14.4).
public struct ContentRange: Hashable, Sendable {
    /// The offset of the first byte.
    public let first: Int64
    /// The offset of the last byte, which is not before the first.
    public let last: Int64

    /// Reads `0-9`, which is the specification's form, and HTTP's `bytes 0-9/10` and `bytes 0-9/*`. Nil for everything else: ends in the
    /// wrong order or beyond a machine word, a total that does not hold them.
    public init?(_ field: String) {
        var text = Substring(field).trimmedOfSpace
        var total: Int64?
        if text.prefix(6).lowercased() == "bytes " {
            let halves = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count == 2 else { return nil }
            if halves[1] != "*" {
                guard let number = Self.number(halves[1]) else { return nil }
                total = number
            }
            text = halves[0]
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last, last < total ?? .max else {
            return nil
        }
        self.first = first
        self.last = last
    }

    /// How many bytes that is.
    public var count: Int64 { last - first + 1 }

    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(text)
    }
}
