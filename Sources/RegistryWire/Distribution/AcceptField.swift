public import ImageModel

/// The media types that a client takes (RFC 9110 §12.5.1). Only whether a type is taken counts, not which is preferred: the stored bytes
/// are the answer. Elements that cannot be read are left out.
public struct AcceptField: Hashable, Sendable {
    /// Lower-case ranges, and whether their weight is more than zero.
    private let ranges: [String: Bool]

    /// - Parameter values: each field of that name, in any number.
    public init(_ values: [String]) {
        var ranges: [String: Bool] = [:]
        for element in values.lazy.flatMap(Self.elements) {
            guard let (range, isTaken) = Self.range(element) else { continue }
            ranges[range] = isTaken || ranges[range] == true
        }
        self.ranges = ranges
    }

    /// Whether nothing is said, which is: everything is taken.
    public var isEmpty: Bool { ranges.isEmpty }

    /// Whether `type` is taken. What names it more exactly counts; a client that takes `application/json` takes every manifest, unless it names
    /// those that it takes beside (engines 1.10 to 1.13 do, and take no others).
    public func admits(_ type: MediaType) -> Bool {
        guard !isEmpty else { return true }
        if let isTaken = ranges[type.text] { return isTaken }
        if names(.json), !Self.manifestTypes.contains(where: names) { return true }
        return ranges["\(type.text.prefix { $0 != "/" })/*"] ?? ranges["*/*"] ?? false
    }

    /// Whether `type` is taken by its own name, not by a wildcard.
    public func names(_ type: MediaType) -> Bool { ranges[type.text] == true }

    private static let manifestTypes: [MediaType] = [
        .ociManifest, .ociIndex, .dockerManifest, .dockerManifestList, .dockerSchema1, .dockerSchema1Signed,
    ]

    /// The elements between commas that stand in no quotes.
    private static func elements(_ value: String) -> [Substring] {
        var (isQuoted, isEscaped) = (false, false)
        return value.split { character in
            defer { isEscaped = isQuoted && !isEscaped && character == "\\" }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return character == "," && !isQuoted
        }
    }

    private static func range(_ element: Substring) -> (range: String, isTaken: Bool)? {
        let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(\.trimmedOfSpace)
        guard let range = parts.first?.lowercased(), range.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1 else { return nil }
        let weight = parts.dropFirst().last { $0.prefix(2).lowercased() == "q=" }?.dropFirst(2)
        return (range, weight.map(isZero) != true)
    }

    private static func isZero(_ weight: Substring) -> Bool {
        weight.contains("0") && weight.allSatisfy { $0 == "0" || $0 == "." }
    }
}
