/// One image of a v1 chain that was made from a config.
public struct V1Link: Sendable, Hashable {
    public let id: ImageID
    /// Nil for the base.
    public let parent: ImageID?
    /// Its JSON, which has id and parent in it.
    public let document: [UInt8]
}

/// One image of a chain from which a config is made.
public struct V1ConfigLink: Sendable, Hashable {
    /// Its JSON.
    public let document: [UInt8]
    /// Of its layer, unpacked. Nil for a step that changes no file and therefore has no layer in the config.
    public let diffID: Digest?

    public init(document: [UInt8], diffID: Digest?) {
        self.document = document
        self.diffID = diffID
    }
}
