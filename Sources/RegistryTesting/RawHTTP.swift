import Glibc
import NIOPosix

/// HTTP as bytes over a loopback socket, one connection a request, so that tests see what really goes over the wire.
enum RawHTTP {
    struct Failure: Error {
        let operation: String
        let code: CInt
    }

    /// Lays out a request from lines; `Host`, `Content-Length` and `Connection: close` are added where the lines have none of them.
    static func request(_ lines: [String]) -> [UInt8] {
        let blank = lines.firstIndex(of: "")
        var head = Array(lines[..<(blank ?? lines.endIndex)])
        let body = blank.map { lines[($0 + 1)...].joined(separator: "\n") } ?? ""
        func has(_ name: String) -> Bool { head.dropFirst().contains { $0.lowercased().hasPrefix(name) } }
        if let first = head.first, !first.contains(" HTTP/1.") { head[0] += " HTTP/1.1" }
        if !has("host:") { head.append("Host: registry.test:5000") }
        if !has("content-length:"), !has("transfer-encoding:"), blank != nil { head.append("Content-Length: \(body.utf8.count)") }
        if !has("connection:") { head.append("Connection: close") }
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    /// Sends `bytes` and reads until the server closes.
    static func exchange(_ bytes: [UInt8], port: Int) async throws -> (status: String, fields: [String], body: String) {
        let answer = try await NIOThreadPool.singleton.runIfActive { try blockingExchange(bytes, port: port) }
        let text = String(decoding: answer, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let blank = lines.firstIndex(of: "") ?? lines.endIndex
        let status = lines.first.map { String($0.drop { $0 != " " }.dropFirst()) } ?? ""
        let fields = lines[..<blank].dropFirst().map(String.init)
        return (status, fields, lines[min(blank + 1, lines.endIndex)...].joined(separator: "\r\n"))
    }

    private static func blockingExchange(_ bytes: [UInt8], port: Int) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(operation: "socket", code: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw Failure(operation: "connect", code: errno) }
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(operation: "send", code: errno)
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count >= 0 else { throw Failure(operation: "recv", code: errno) }
            if count == 0 { return answer }
            answer += piece[..<count]
        }
    }
}
