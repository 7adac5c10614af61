#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file descriptor that is closed when its last holder lets go, on every way out.
public final class OpenFile: Sendable {
    public let descriptor: CInt

    /// Takes ownership of `descriptor`.
    public init(descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
