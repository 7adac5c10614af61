import Dispatch
import Glibc
import Synchronization

/// A mail server on loopback that answers as a test tells it, for as many conversations as come. It keeps what it was told.
final class SMTPPeer: Sendable {
    /// What to say to a line. Nil: nothing at all.
    typealias Script = @Sendable (String) -> String?

    let port: Int
    private let listener: Int32
    private let heard = Mutex<[String]>([])
    private let connections = Mutex<[Int32]>([])
    private let isOver = DispatchGroup()

    /// - Parameters:
    ///   - greeting: Said to each connection; nil for nothing.
    ///   - script: Asked for each line, and with `.` for the end of a message; usually falls back on ``polite(_:)``.
    init(greeting: String? = "220 peer ready", _ script: @escaping Script = polite) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        DispatchQueue(label: "smtp peer").async(group: isOver) { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                connections.withLock { $0.append(connection) }
                DispatchQueue(label: "smtp conversation").async(group: isOver) { [self] in
                    if let greeting { say(greeting, to: connection) }
                    converse(connection, script)
                }
            }
        }
    }

    struct Failure: Error {}

    /// Everything that was said to it, in lines; those of messages without the end of lines, too.
    var lines: [String] { heard.withLock { $0 } }

    /// Ends all conversations and returns when nothing of this runs any more.
    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        connections.withLock { connections in
            for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        isOver.wait()
        connections.withLock { connections in
            for connection in connections { Glibc.close(connection) }
        }
        Glibc.close(listener)
    }

    /// Takes everything.
    static func polite(_ line: String) -> String? {
        switch line.prefix(4).uppercased() {
        case "EHLO": "250-peer\r\n250 8BITMIME"
        case "DATA": "354 go ahead"
        case "QUIT": "221 bye"
        default: "250 ok"
        }
    }

    private func converse(_ connection: Int32, _ script: Script) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isMessage = false
        while case let count = recv(connection, &buffer, buffer.count, 0), count > 0 {
            bytes += buffer[..<count]
            while let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10]) }) {
                let line = String(decoding: bytes[..<end], as: UTF8.self)
                bytes.removeFirst(end + 2)
                heard.withLock { $0.append(line) }
                if isMessage, line != "." { continue }
                let answer = script(line)
                isMessage = !isMessage && line == "DATA" && answer?.hasPrefix("354") == true
                if let answer { say(answer, to: connection) }
            }
        }
        // What had no end is told as it is.
        if !bytes.isEmpty { heard.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    }

    private func say(_ text: String, to connection: Int32) {
        let bytes = Array((text + "\r\n").utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

/// Runs `body` with a peer and closes it.
func withPeer<Value>(
    greeting: String? = "220 peer ready", _ script: @escaping SMTPPeer.Script = SMTPPeer.polite, _ body: (SMTPPeer) async throws -> Value
) async throws -> Value {
    let peer = try SMTPPeer(greeting: greeting, script)
    defer { peer.close() }
    return try await body(peer)
}
