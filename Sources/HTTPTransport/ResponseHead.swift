import HTTPTypes
import NIOCore

/// How the end of an answer's body is known.
enum Framing: Equatable {
    /// There is no body, and no field says so: 204, 304, or HEAD where the length is not known.
    case none
    case length(Int64)
    case chunked
    /// The connection's end; for HTTP/1.0.
    case untilClose
}

/// What `Connection` says.
enum ConnectionField {
    /// Nothing: HTTP/1.1 goes on.
    case absent
    case close
    /// For HTTP/1.0, which closes unless told.
    case keepAlive
}

extension HTTPResponse.Status {
    /// RFC 9110 §6.4.1: neither a body nor a length.
    var forbidsBody: Bool { code == 204 || code == 304 || code < 200 }
}

extension ByteBuffer {
    mutating func writeStatusLine(_ status: HTTPResponse.Status) {
        writeStaticString("HTTP/1.1 ")
        writeString(String(status.code))
        writeStaticString(" ")
        writeString(status.reasonPhrase)
        writeStaticString("\r\n")
    }

    /// Writes the fields as spelt, but those that the transport sets itself.
    mutating func writeFields(_ fields: HTTPFields) {
        for field in fields {
            switch field.name {
            case .contentLength, .transferEncoding, .connection: continue
            default:
                writeString(field.name.rawName)
                writeStaticString(": ")
                writeString(field.value)
                writeStaticString("\r\n")
            }
        }
    }

    mutating func writeFraming(_ framing: Framing) {
        switch framing {
        case .none, .untilClose:
            break
        case .length(let length):
            writeStaticString("Content-Length: ")
            writeString(String(length))
            writeStaticString("\r\n")
        case .chunked:
            writeStaticString("Transfer-Encoding: chunked\r\n")
        }
    }

    mutating func writeConnection(_ field: ConnectionField) {
        switch field {
        case .absent: break
        case .close: writeStaticString("Connection: close\r\n")
        case .keepAlive: writeStaticString("Connection: keep-alive\r\n")
        }
    }
}
