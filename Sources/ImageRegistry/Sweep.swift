/// What a sweep may take, and when.
public struct SweepOptions: Sendable, Equatable {
    /// Seconds for which what nothing names any more is kept: a client may be about to name it.
    public let grace: Int64
    /// Seconds after its last byte at which an upload is given up, and an image that no repository has claimed.
    public let uploadLife: Int64

    public init(grace: Int64, uploadLife: Int64) {
        self.grace = grace
        self.uploadLife = uploadLife
    }
}

/// Things and their bytes.
public struct SweepTally: Sendable, Equatable, Codable {
    public var count = 0
    public var bytes: Int64 = 0

    public init(count: Int = 0, bytes: Int64 = 0) {
        self.count = count
        self.bytes = bytes
    }

    mutating func add(_ size: Int64) {
        count += 1
        bytes += size
    }

    public static func + (left: SweepTally, right: SweepTally) -> SweepTally {
        SweepTally(count: left.count + right.count, bytes: left.bytes + right.bytes)
    }
}

/// What a sweep has found and taken; a dry run takes nothing.
public struct SweepReport: Sendable, Equatable, Codable {
    /// Blobs that are in use.
    public var live = SweepTally()
    /// Blobs that nothing names and whose time has not come.
    public var waiting = SweepTally()
    /// Blobs that were taken, row and bytes.
    public var removed = SweepTally()
    /// Objects in the store that no row names, left by a crash.
    public var strays = SweepTally()
    /// Uploads that were given up.
    public var uploads = SweepTally()
    /// Blobs that a repository no longer shows, because none of its manifests names them.
    public var links = 0
    /// v1 images that no repository has claimed.
    public var images = 0
    /// Derived manifests and v1 images whose origin is gone.
    public var faces = 0
    /// Blobs that Wharf has made to derive faces: configs, and layers that were packed anew. They are among the live and the waiting.
    public var derived = SweepTally()

    public init() {}
}
