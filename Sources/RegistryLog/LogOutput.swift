import Glibc

/// A file descriptor that may be a file, a terminal or a pipe, and may be set not to block by whoever shares it.
struct LogOutput: Sendable {
    let descriptor: Int32

    /// Writes everything, waiting for a slow reader for as long as it takes.
    ///
    /// - Returns: The number of lines that could not be written because the descriptor fails, for example as its reader is gone.
    func write(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count < 0, errno == EAGAIN {
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, 1000)
                } else if count < 0, errno == EINTR {
                    continue
                } else {
                    return rest.count { $0 == UInt8(ascii: "\n") }
                }
            }
            return 0
        }
    }
}
