import FoundationEssentials
import HTTPTransport
import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat

/// How answers of the v1 dialect look: the fields that every one carries, and bodies in JSON.
enum V1Answers {
    /// The version of the protocol that every reply names; engines before 0.11 want any (v1.md §2.1).
    static let protocolVersion = "0.9.1"
    /// The document's body where there is nothing to say.
    static let nothing = "\"\""

    static func fields(_ configuration: ServerConfiguration) -> HTTPFields {
        [
            .contentType: "application/json",
            .vary: "Accept",
            .cacheControl: "no-cache",
            .dockerRegistryVersion: protocolVersion,
            .dockerRegistryStandalone: configuration.standalone.rawValue,
        ]
    }

    /// An object of strings, because engines decode it as that (v1.md §1.4).
    static func error(_ text: String) -> ByteBuffer {
        (try? json(["error": text])) ?? ByteBuffer(string: #"{"error":""}"#)
    }

    static func json(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(data: try encoder.encode(value))
    }
}

extension V1Exchange {
    /// An answer whose body is JSON text already.
    func reply(_ text: String = V1Answers.nothing, status: HTTPResponse.Status = .ok, adding more: HTTPFields = [:]) -> Response {
        reply(ByteBuffer(string: text), status: status, adding: more)
    }

    func reply(json value: some Encodable, adding more: HTTPFields = [:]) throws -> Response {
        reply(try V1Answers.json(value), adding: more)
    }

    func reply(_ body: ByteBuffer, status: HTTPResponse.Status = .ok, adding more: HTTPFields = [:]) -> Response {
        Response(status: status, headers: fields(adding: more), body: status == .noContent ? .empty : .bytes(body))
    }

    /// The fields of every reply, with `more`, which replace those of the same name.
    func fields(adding more: HTTPFields) -> HTTPFields {
        var fields = V1Answers.fields(configuration)
        for field in more where fields[field.name] != nil { fields[field.name] = nil }
        fields.append(contentsOf: more)
        return fields
    }
}
