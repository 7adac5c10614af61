import Foundation
import ImageModel
import RegistryWire
import Testing

/// The requests of the tables of the OCI Distribution dialect.
extension PermissionWorld {
    func distributionProbe(_ row: PermissionTable.Row, _ caller: TableCaller, column: String) throws -> Probe {
        let kind = try #require(DistributionKind(rawValue: row.route))
        let target = try distributionPlace(kind, row, caller, column)
        let digest = try digest(kind, target, caller, column)
        let name = upload(kind, row, target, caller, column)
        let upload = name.flatMap { uploads[$0] } ?? Self.unknownUpload
        var reference = Reference.tag(try #require(Tag(PlantedContent.tag)))
        if kind == .manifest, row.remark == "by digest" { reference = .digest(digest) }
        if kind == .putManifest, row.remark == "by digest" { reference = .digest(target.content.unpushed.digest) }
        let route = kind.route(target.name, reference, digest, try #require(UploadID(upload)))
        var path = route.path
        var fields = kind == .tokenGrant ? [] : try credentials(of: caller, for: target)
        var body: String? = route.method == .get ? nil : ""
        switch kind {
        case .startUpload where row.remark == "whole":
            let blob = NamedBytes("pushed by \(caller.rawValue)\n")
            path += "?digest=\(blob.digest)"
            body = blob.text
        case .startUpload where row.remark == "mounting": path += try mount(caller, column)
        case .appendUpload: body = "and more of it\n"
        case .finishUpload: path += "?digest=\((name?.content ?? Self.nowhere).digest)"
        case .putManifest:
            let isImage = row.remark == "naming a layer"
            fields.append("Content-Type: \(isImage ? PlantedContent.imageType : PlantedContent.indexType)")
            if row.remark == "by digest" { path += "?tag=three&tag=four" }
            body = isImage ? PlantedContent.image(target.content.config, [try layer(caller, column, target)]) : target.content.unpushed.text
        case .token: path += "?service=\(service)&scope=\(asked(target, everything: row.remark == "for everything"))"
        case .tokenGrant:
            fields.append("Content-Type: application/x-www-form-urlencoded")
            body = try form(caller, target)
        default: break
        }
        var named = [digest.description, upload, target.name.text, "\"\(target.name.shown)\"", ":\(target.name.shown):"]
        if kind == .putManifest {
            named += [target.content.unpushed.digest.description, try layer(caller, column, target).digest.description]
        }
        if let source = path.firstRange(of: "&from=") { named.append(" repository:\(path[source.upperBound...]):pull") }
        return Probe(
            repository: target, head: "\(route.method.rawValue) \(path)", fields: fields, body: body, named: named)
    }

    private func distributionPlace(
        _ kind: DistributionKind, _ row: PermissionTable.Row, _ caller: TableCaller, _ column: String
    ) throws -> PlantedRepository {
        if row.file == "v2-library" { return try place(column, caller, inLibrary: true) }
        if row.remark == "mounting" || row.remark == "naming a layer" { return try repository("\(caller.namespace)/private") }
        switch column {
        case "own", "others", "elsewhere", "unknown", "used": return try repository("\(caller.namespace)/private")
        case "forbidden", "deleted", "nowhere":
            return try repository("\(caller.namespace)/\(kind.changes ? "private" : "public")")
        default: return try place(column, caller, inLibrary: false)
        }
    }

    /// The content that the caller may not read, unless that is the administrator.
    private func forbidden(_ caller: TableCaller) throws -> PlantedContent { try forbiddenRepository(caller).content }

    func forbiddenRepository(_ caller: TableCaller) throws -> PlantedRepository {
        try repository(caller.user == "stan" ? "alice/private" : "stan/own")
    }

    private func digest(
        _ kind: DistributionKind, _ target: PlantedRepository, _ caller: TableCaller, _ column: String
    ) throws -> Digest {
        let content = column == "forbidden" ? try forbidden(caller) : target.content
        switch (kind, column) {
        case (_, "nowhere") where target.name.text != "nowhere/app": return Self.nowhere.digest
        case (_, "deleted"): return Self.deleted.digest
        case (.blob, _): return content.layer.digest
        case (.deleteBlob, "used"): return content.config.digest
        case (.deleteBlob, _): return content.loose.digest
        default: return content.manifest.digest
        }
    }

    /// Whose upload, in which repository; nil: nobody's.
    private func upload(
        _ kind: DistributionKind, _ row: PermissionTable.Row, _ target: PlantedRepository, _ caller: TableCaller, _ column: String
    ) -> UploadName? {
        switch column {
        case "own", "public", "absent": return UploadName(user: caller.user, repository: target.name.text)
        case "elsewhere": return UploadName(user: caller.user, repository: "alice/other")
        case "others":
            let other =
                switch caller.user {
                case "alice": "wanda"
                case "olga": "paul"
                default: caller.namespace == "acme" ? "olga" : "alice"
                }
            return UploadName(user: other, repository: target.name.text)
        default: return nil
        }
    }

    private func layer(_ caller: TableCaller, _ column: String, _ target: PlantedRepository) throws -> NamedBytes {
        switch column {
        case "forbidden": try forbidden(caller).layer
        case "deleted": Self.deleted
        case "nowhere": Self.nowhere
        default: target.content.layer
        }
    }

    private func mount(_ caller: TableCaller, _ column: String) throws -> String {
        let open = try repository("alice/public").content.layer.digest
        let closed = try forbidden(caller).layer.digest
        return switch column {
        case "public": "?mount=\(open)&from=alice/public"
        case "forbidden": "?mount=\(closed)&from=\(caller.user == "stan" ? "alice/private" : "stan/own")"
        case "unlinked": "?mount=\(closed)&from=alice/public"
        case "absent": "?mount=\(open)&from=alice/absent"
        case "deleted": "?mount=\(Self.deleted.digest)&from=alice/other"
        case "anywhere": "?mount=\(closed)"
        default: "?mount=\(open)"
        }
    }

    private func asked(_ target: PlantedRepository, everything: Bool = false) -> String {
        "repository:\(target.name.text):\(everything ? "*" : "pull,push,delete")"
    }

    /// The body of a grant (RFC 6749 §4.3.2, §6).
    private func form(_ caller: TableCaller, _ target: PlantedRepository) throws -> String {
        var parts = ["client_id=tables", "service=\(service)", "scope=\(asked(target))"]
        func password(_ user: String, _ password: String) {
            let form = CharacterSet.alphanumerics
            parts += [
                "grant_type=password", "username=\(user)",
                "password=\(password.addingPercentEncoding(withAllowedCharacters: form) ?? "")",
            ]
        }
        let shown = try credentials(of: caller, for: target).first ?? ""
        switch caller {
        case .nobody, .cookie, .emptyToken: parts.append("grant_type=password")
        case .emptyBasic: password("", "")
        case _ where caller.isBearer:
            parts += ["grant_type=refresh_token", "refresh_token=\(shown.dropFirst("Authorization: Bearer ".count))"]
        case .readToken, .writeToken, .deleteToken, .tokenForAnother, .disabledByToken, .expiredToken, .forgedToken:
            let token = shown.dropFirst("Authorization: ".count).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            parts += ["grant_type=refresh_token", "refresh_token=\(token)"]
        case .wrongPassword: password("alice", "no secret of hers")
        case .disabledWrongly: password("dora", "no secret of hers")
        default: password(caller.user, keys[caller] ?? Self.password(of: caller.user))
        }
        return parts.joined(separator: "&")
    }
}
