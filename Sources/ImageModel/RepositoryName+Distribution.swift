extension RepositoryName {
    /// Whether the name can be written under `/v2/`: every component is `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` (OCI distribution
    /// specification, "Pulling manifests"). v1's names are a wider set.
    public var isDistributionName: Bool {
        text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(Self.isDistributionComponent)
    }

    private static func isDistributionComponent(_ component: Substring.UTF8View) -> Bool {
        var rest = component
        while true {
            let word = rest.prefix(while: \.isLowerAlphanumeric)
            guard !word.isEmpty else { return false }
            rest = rest[word.endIndex...]
            guard !rest.isEmpty else { return true }
            let separator = rest.prefix { !$0.isLowerAlphanumeric }
            guard isSeparator(separator) else { return false }
            rest = rest[separator.endIndex...]
        }
    }

    private static func isSeparator(_ bytes: Substring.UTF8View) -> Bool {
        bytes.elementsEqual(".".utf8) || bytes.elementsEqual("_".utf8) || bytes.elementsEqual("__".utf8)
            || bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }
}

extension UInt8 {
    fileprivate var isLowerAlphanumeric: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
