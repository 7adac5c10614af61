import ImageModel
import RegistryWire
import Testing

/// The requests of Tests/Permissions/v2-faces.txt.
extension PermissionWorld {
    func faceProbe(_ row: PermissionTable.Row, _ caller: TableCaller, column: String) throws -> Probe {
        let kind = try #require(DistributionKind(rawValue: row.route))
        let target = try facePlace(kind, caller, column)
        let source = column == "forbidden" || column == "unlinked" || column == "anywhere" ? try forbiddenRepository(caller) : target
        let reference = try reference(kind, row, column == "nowhere" ? Self.nowhere.digest : source.faces.derived.digest)
        let digest = kind == .deleteManifest ? source.faces.derived.digest : source.faces.config.digest
        let route = kind.route(target.name, reference, digest, try #require(UploadID(Self.unknownUpload)))
        var path = route.path
        var fields = try credentials(of: caller, for: target)
        var body: String? = route.method == .get ? nil : ""
        switch (kind, row.remark) {
        case (.manifest, "converted"): fields.append(PlantedFaces.acceptDocker)
        case (.manifest, "signed"): fields.append(PlantedFaces.oldEngine)
        case (.putManifest, _):
            fields.append("Content-Type: \(PlantedFaces.signedType)")
            body = String(decoding: source.faces.signed.bytes, as: UTF8.self)
        case (.startUpload, _): path += try faceMount(caller, column)
        default: break
        }
        var named = [digest.description, "\(reference)", target.name.text, "\"\(target.name.shown)\"", ":\(target.name.shown):"]
        if kind == .putManifest { named.append(source.content.layer.digest.description) }
        if let from = path.firstRange(of: "&from=") { named.append(" repository:\(path[from.upperBound...]):pull") }
        return Probe(repository: target, head: "\(route.method.rawValue) \(path)", fields: fields, body: body, named: named)
    }

    private func facePlace(_ kind: DistributionKind, _ caller: TableCaller, _ column: String) throws -> PlantedRepository {
        if kind == .startUpload { return try repository("\(caller.namespace)/private") }
        return switch column {
        case "forbidden", "nowhere": try repository("\(caller.namespace)/\(kind.changes ? "private" : "public")")
        default: try place(column, caller, inLibrary: false)
        }
    }

    private func reference(_ kind: DistributionKind, _ row: PermissionTable.Row, _ digest: Digest) throws -> Reference {
        switch row.remark {
        case "derived, by digest": .digest(digest)
        case "of a v1 image": .tag(.latest)
        case "signed" where kind == .putManifest: .tag(try #require(Tag("signed")))
        default: .tag(try #require(Tag(PlantedContent.tag)))
        }
    }

    private func faceMount(_ caller: TableCaller, _ column: String) throws -> String {
        let open = try repository("alice/public").faces.config.digest
        let closed = try forbiddenRepository(caller)
        return switch column {
        case "public": "?mount=\(open)&from=alice/public"
        case "forbidden": "?mount=\(closed.faces.config.digest)&from=\(closed.name.text)"
        case "unlinked": "?mount=\(closed.faces.config.digest)&from=alice/public"
        default: "?mount=\(closed.faces.config.digest)"
        }
    }
}
