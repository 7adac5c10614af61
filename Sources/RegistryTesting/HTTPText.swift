import FoundationEssentials

/// Requests as lines of text, and answers as bytes, as transcripts have them.
enum HTTPText {
    /// What a body begins with that stands for bytes.
    static let base64Mark = "base64:"

    /// The name of a field, in lower case.
    static func name(of field: String) -> String { field.prefix { $0 != ":" }.lowercased() }

    struct Request {
        let head: [String]
        private let body: [UInt8]

        /// Lays out a request from lines; `Host`, `Content-Length` and `Connection: close` are added where the lines have none of them.
        init(_ lines: [String]) {
            let blank = lines.firstIndex(of: "")
            var head = Array(lines[..<(blank ?? lines.endIndex)])
            body = blank.map { HTTPText.bytes(lines[($0 + 1)...].joined(separator: "\n")) } ?? []
            let names = head.dropFirst().map(HTTPText.name)
            if let first = head.first, !first.contains(" HTTP/1.") { head[0] += " HTTP/1.1" }
            if !names.contains("host") { head.append("Host: registry.test:5000") }
            if !names.contains("content-length"), !names.contains("transfer-encoding"), blank != nil {
                head.append("Content-Length: \(body.count)")
            }
            if !names.contains("connection") { head.append("Connection: close") }
            self.head = head
        }

        var expectsContinue: Bool { head.contains { HTTPText.name(of: $0) == "expect" } }

        var bytes: [UInt8] { fields + start + end("") }

        var fields: [UInt8] { Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) }

        /// The body without its end.
        var start: [UInt8] { framed(body) }

        /// The end of the body, `text` before it.
        func end(_ text: String) -> [UInt8] { framed(HTTPText.bytes(text)) + (isChunked ? Array("0\r\n\r\n".utf8) : []) }

        private var isChunked: Bool { head.contains { $0.lowercased() == "transfer-encoding: chunked" } }

        /// In three chunks, if it is chunked, so that a body is never one piece.
        private func framed(_ bytes: [UInt8]) -> [UInt8] {
            guard isChunked else { return bytes }
            let size = max(1, (bytes.count + 2) / 3)
            return stride(from: 0, to: bytes.count, by: size).flatMap { start in
                let chunk = bytes[start..<min(start + size, bytes.count)]
                return Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
            }
        }
    }

    struct Answer {
        let status: String
        let fields: [String]
        let body: [UInt8]

        /// The last answer in `bytes`: any `100 Continue` before it is left out.
        init(_ bytes: [UInt8]) {
            var rest = bytes[...]
            var lines: [String]
            repeat {
                let end = rest.firstRange(of: Array("\r\n\r\n".utf8))
                lines = String(decoding: rest[..<(end?.lowerBound ?? rest.endIndex)], as: UTF8.self).split(separator: "\r\n").map(
                    String.init)
                rest = rest[(end?.upperBound ?? rest.endIndex)...]
            } while lines.first?.hasPrefix("HTTP/1.1 100 ") == true
            status = lines.first.map { String($0.drop { $0 != " " }.dropFirst()) } ?? "no answer"
            fields = Array(lines.dropFirst())
            body = Array(rest)
        }

        var bodyInBase64: String { Data(body).base64EncodedString() }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        if text.hasPrefix(base64Mark), let data = Data(base64Encoded: String(text.dropFirst(base64Mark.count))) { return Array(data) }
        return Array(text.utf8)
    }
}
