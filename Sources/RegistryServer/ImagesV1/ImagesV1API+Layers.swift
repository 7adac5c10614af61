import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import Storage

extension V1Exchange {
    /// The layer, whole or the part that `Range` names; engines resume so, and want just these answers (v1.md §4.5).
    func layer(_ id: ImageID) async throws -> Response {
        let layer = try await registry.layer(of: id, in: scope)
        let size = layer.object.size
        var fields = immutableFields(tag: layer.digest, isPrivate: layer.isPrivate)
        fields[.contentType] = "application/octet-stream"
        fields[.acceptRanges] = "bytes"
        if isKept(layer.digest) { return notModified(fields) }
        switch ByteRange(range(of: layer), size: size) {
        case .whole:
            return Response(status: .ok, headers: self.fields(adding: fields), body: body(of: layer.object, 0..<size))
        case .part(let part):
            fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            return Response(status: .partialContent, headers: self.fields(adding: fields), body: body(of: layer.object, part))
        case .unsatisfiable:
            return Response(status: .rangeNotSatisfiable, headers: self.fields(adding: [.contentRange: "bytes */\(size)"]))
        }
    }

    func putLayer(_ id: ImageID) async throws -> Response {
        try await registry.receiveLayer(request.body, of: id, in: scope)
        return reply()
    }

    /// `Range` counts with GET only, and unless `If-Range` names other bytes (RFC 9110 §13.1.5, 14.2).
    private func range(of layer: Layer) -> String? {
        guard request.head.method == .get else { return nil }
        if let condition = headers[.ifRange], condition != "\"\(layer.digest)\"" { return nil }
        return headers[.range]
    }

    private func body(of object: StoredObject, _ range: Range<Int64>) -> Response.Body {
        let length = Int64(range.count)
        if let file = object.file {
            return .file(FileBody(descriptor: file.descriptor, keptOpenBy: file, offset: range.lowerBound, length: length))
        }
        return .stream(
            StreamBody(length: length) { writer in
                for try await piece in object.bytes(in: range) { try await writer.write(piece) }
            })
    }
}
