import Glibc
import HTTPTransport

/// Owns a file descriptor and closes it when the last reference to it goes.
final class OpenFile: Sendable {
    let descriptor: CInt

    /// Takes over an open descriptor; nobody else may close it from here on.
    init(owning descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }
}

extension FileBody {
    init(_ file: OpenFile, offset: Int64 = 0, length: Int64) {
        self.init(descriptor: file.descriptor, keptOpenBy: file, offset: offset, length: length)
    }
}
