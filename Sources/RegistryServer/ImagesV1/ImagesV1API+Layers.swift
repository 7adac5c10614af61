import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry

extension V1Exchange {
    /// The layer, whole or the part that `Range` names; engines resume so, and want just these answers (v1.md §4.5).
    func layer(_ id: ImageID) async throws -> Response {
        let layer = try await registry.layer(of: id, in: scope)
        var fields = immutableFields(tag: layer.digest, isPrivate: layer.isPrivate)
        fields[.contentType] = "application/octet-stream"
        fields[.acceptRanges] = "bytes"
        if isKept(layer.digest) { return notModified(fields) }
        let part = incoming.part(of: layer.object, tag: layer.digest)
        // Beyond the end, nothing is said of the bytes.
        let described = part.status == .rangeNotSatisfiable ? part.fields : fields.merging(part.fields)
        return Response(status: part.status, headers: self.fields(adding: described), body: part.body)
    }

    func putLayer(_ id: ImageID) async throws -> Response {
        try await registry.receiveLayer(request.body, of: id, in: scope)
        return reply()
    }
}
