import Glibc
import NIOPosix

/// A loopback connection as bytes, so that tests see what really goes over the wire.
struct RawConnection: Sendable {
    struct Failure: Error {
        let operation: String
        let code: CInt
    }

    private let descriptor: CInt

    static func open(port: Int) async throws -> RawConnection {
        try await NIOThreadPool.singleton.runIfActive {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw Failure(operation: "socket", code: errno) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard connected == 0 else {
                close(descriptor)
                throw Failure(operation: "connect", code: errno)
            }
            return RawConnection(descriptor: descriptor)
        }
    }

    /// Sends all of `bytes`, or as much as the peer takes: one that has answered already may take no more.
    func send(_ bytes: [UInt8]) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if count < 0, errno == EPIPE || errno == ECONNRESET { return }
                guard count > 0 else { throw Failure(operation: "send", code: errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Tells the peer that nothing more comes.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What arrives next.
    func receiveSome() async throws -> [UInt8] {
        try await NIOThreadPool.singleton.runIfActive { try receive() }
    }

    /// Everything until the peer closes; then closes too.
    func receiveAll() async throws -> [UInt8] {
        try await NIOThreadPool.singleton.runIfActive {
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            while true {
                let piece = try receive()
                if piece.isEmpty { return bytes }
                bytes += piece
            }
        }
    }

    private func receive() throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count >= 0 else { throw Failure(operation: "recv", code: errno) }
            filled = count
        }
    }
}
