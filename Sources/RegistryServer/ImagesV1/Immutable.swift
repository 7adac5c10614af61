import Crypto
import HTTPTransport
import HTTPTypes
import ImageModel
import NIOCore

/// What never changes once it is there: a client may keep it for a year, and a proxy too unless it is private or was asked for with
/// credentials (then one address could mean one thing to one caller and another to the next).
extension V1Exchange {
    private static let epoch = "Thu, 01 Jan 1970 00:00:00 GMT"

    /// `body` with the fields of the immutable, or 304 when the client has it already.
    ///
    /// - Parameter tag: names these bytes; nil: their own sum.
    func immutable(_ body: ByteBuffer, tag: String? = nil, isPrivate: Bool, adding more: HTTPFields = [:]) -> Response {
        let tag = tag ?? Digest(body.withUnsafeReadableBytes { SHA256.hash(data: $0) }).description
        let fields = immutableFields(tag: tag, isPrivate: isPrivate).merging(more)
        return isKept(tag) ? notModified(fields) : reply(body, adding: fields)
    }

    func immutableFields(tag: String, isPrivate: Bool) -> HTTPFields {
        [
            .cacheControl: incoming.immutability(isPrivate: isPrivate), .eTag: "\"\(tag)\"", .lastModified: Self.epoch,
            .vary: "Accept, Authorization",
        ]
    }

    func notModified(_ fields: HTTPFields) -> Response {
        Response(status: .notModified, headers: self.fields(adding: fields))
    }

    /// Whether the client's copy, by its tag or by any date, is what it would get (RFC 9110 §13.1; any date is after the epoch).
    func isKept(_ tag: String) -> Bool { incoming.matches(tag) ?? (headers[.ifModifiedSince] != nil) }
}

extension HTTPFields {
    /// These fields, with those of `other` in place of any of the same name.
    func merging(_ other: HTTPFields) -> HTTPFields {
        var merged = self
        for field in other { merged[field.name] = nil }
        merged.append(contentsOf: other)
        return merged
    }
}
