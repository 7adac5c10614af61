/// A part of an open file as an answer's body.
///
/// On plain TCP the kernel copies it from the page cache to the socket (sendfile), 8 MiB at a time; for TLS it is read, off the event loop,
/// 256 KiB at a time. The descriptor's own position is neither used nor moved, so several answers may share one descriptor. If the file
/// turns out to be shorter than promised, the connection is closed, or the stream reset, and an error logged: an answer is never padded.
public struct FileBody: Sendable {
    /// The descriptor to read from.
    public let descriptor: CInt
    /// Whoever closes the descriptor, at the earliest when it is let go: after the last byte, or when the connection is gone.
    public let owner: any AnyObject & Sendable
    /// Where the part begins, in bytes from the start of the file.
    public let offset: Int64
    /// How many bytes it has.
    public let length: Int64

    /// - Parameter owner: an object that keeps `descriptor` open as long as it lives.
    public init(descriptor: CInt, keptOpenBy owner: any AnyObject & Sendable, offset: Int64, length: Int64) {
        self.descriptor = descriptor
        self.owner = owner
        self.offset = offset
        self.length = length
    }
}
