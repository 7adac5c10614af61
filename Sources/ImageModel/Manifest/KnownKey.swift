/// The keys of an object that a reader knows.
protocol KnownKey: RawRepresentable<String>, CaseIterable, Hashable {
    /// The keys by their names without case, from ``fold()``.
    static var folded: [String: Self] { get }
}

extension KnownKey {
    static func fold() -> [String: Self] {
        Dictionary(allCases.map { ($0.rawValue.caseFolded, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// The refusal of a reader that knows some keys.
protocol KeyRefusal: JSONRefusal {
    /// For a key that differs from a known one in case only.
    static func ambiguousKey(_ key: String) -> Self
}

extension Manifest.Refusal: KeyRefusal {}

extension JSONReader where Refusal: KeyRefusal {
    /// The known key with this name; nil for any other.
    ///
    /// - Throws: ``KeyRefusal/ambiguousKey(_:)`` for a name that Go's `encoding/json` would take for a known key.
    func known<Key: KnownKey>(_ name: JSONString, _: Key.Type) throws(Refusal) -> Key? {
        // No known key is longer than this in any spelling.
        guard name.range.count <= 128 else { return nil }
        let text = text(of: name)
        guard let key = Key.folded[text.caseFolded] else { return nil }
        guard key.rawValue == text else { throw .ambiguousKey(JSONFault.excerpt(text)) }
        return key
    }
}

extension String {
    /// Without case as far as ASCII's letters go, and the two others that Unicode folds to one of them: the long s and the sign for Kelvin.
    var caseFolded: String {
        var folded = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "A"..."Z": folded.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            case "\u{017f}": folded.append("s")
            case "\u{212a}": folded.append("k")
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }
}
