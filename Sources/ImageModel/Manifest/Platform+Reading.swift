extension Platform {
    private enum Key: String, KnownKey {
        case os, architecture, variant
        static let folded = fold()
    }

    /// Nil for `null`.
    init?(_ reader: inout ManifestReader, at path: String) throws(Manifest.Refusal) {
        if try reader.null() { return nil }
        var os: String?
        var architecture: String?
        var variant: String?
        guard
            try reader.members({ (reader, name) throws(Manifest.Refusal) in
                switch try reader.known(name, Key.self) {
                case .os: os = try reader.plainText(or: .platform(path))
                case .architecture: architecture = try reader.plainText(or: .platform(path))
                case .variant: variant = try reader.plainText(or: .platform(path))
                case nil: try reader.skip()
                }
            })
        else { throw .platform(path) }
        self.init(os: os ?? "", architecture: architecture ?? "", variant: variant)
    }
}
