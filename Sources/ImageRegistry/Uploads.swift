public import ImageModel

/// An upload and how far it is.
public struct UploadStatus: Sendable, Hashable {
    public let id: UploadID
    /// Bytes that were taken and are kept.
    public let length: Int64

    public init(id: UploadID, length: Int64) {
        self.id = id
        self.length = length
    }
}

/// Which upload a request means, and who asks: an upload belongs to a repository and to whoever began it.
public struct UploadScope: Sendable, Hashable {
    public let id: UploadID
    public let repository: RepositoryName
    public let caller: Caller

    public init(id: UploadID, repository: RepositoryName, caller: Caller) {
        self.id = id
        self.repository = repository
        self.caller = caller
    }

    /// As the row has it; empty: nobody in particular.
    var owner: String { caller.name ?? "" }
}

/// A piece of an upload as its request announces it.
public struct UploadPiece: Sendable, Hashable {
    /// The position of its first byte; nil: where the upload ends.
    public let start: Int64?
    /// Nil: not known before.
    public let length: Int64?

    public init(start: Int64?, length: Int64?) {
        self.start = start
        self.length = length
    }
}
