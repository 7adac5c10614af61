#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One file of TLS, read whole.
struct TLSFile {
    private static let limit = 1 << 20

    let role: TLSFileError.Role
    let path: String
    let bytes: [UInt8]
    private let text: String

    init(_ role: TLSFileError.Role, _ path: String) throws(TLSFileError) {
        self.role = role
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw TLSFileError(role: role, path: path, problem: code == ENOENT ? .missing : .unreadable(String(cString: strerror(code))))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw TLSFileError(role: role, path: path, problem: .unreadable(String(cString: strerror(code))))
            }
            if count == 0 { break }
            bytes += block[..<count]
            guard bytes.count <= Self.limit else { throw TLSFileError(role: role, path: path, problem: .tooLarge) }
        }
        if bytes.allSatisfy({ $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }) { throw TLSFileError(role: role, path: path, problem: .empty) }
        self.bytes = bytes
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    func holds(_ mark: String) -> Bool { text.contains(mark) }

    func error(_ problem: TLSFileError.Problem) -> TLSFileError {
        TLSFileError(role: role, path: path, problem: problem)
    }
}
