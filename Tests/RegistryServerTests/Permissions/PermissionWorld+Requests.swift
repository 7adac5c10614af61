import ImageModel
import RegistryWire
import Testing

extension PermissionWorld {
    /// One cell, and the request that is sent for it.
    struct Probe: Sendable {
        /// The repository that the cell means.
        let repository: PlantedRepository
        let head: String
        let fields: [String]
        let body: String?
        /// Names in the request that an answer may repeat.
        var named: [String] = []
    }

    /// The request of a row, by a caller, for a column; otherwise valid, so that nothing but rights can refuse it.
    func probe(_ row: PermissionTable.Row, _ caller: TableCaller, column: String) throws -> Probe {
        switch row.dialect {
        case .v1: try imageProbe(row, caller, column: column)
        case .v2 where row.file == "v2-faces": try faceProbe(row, caller, column: column)
        case .v2: try distributionProbe(row, caller, column: column)
        case .operations:
            Probe(
                repository: try repository("alice/public"),
                head: "GET \(try #require(OperationsKind(rawValue: row.route)).path)",
                fields: try credentials(of: caller, for: try repository("alice/public")), body: nil)
        }
    }

    private func imageProbe(_ row: PermissionTable.Row, _ caller: TableCaller, column: String) throws -> Probe {
        let kind = try #require(RouteKind(rawValue: row.route))
        let repository = try place(column, caller, inLibrary: row.file == "library")
        let isFace = row.remark?.hasSuffix("of a manifest") == true
        let id = isFace ? repository.faces.image : try image(kind, repository, caller).id
        let tag = isFace && kind != .putTag ? try #require(Tag(PlantedContent.tag)) : .latest
        let route = kind.route(repository.name, id, tag, try user(column, caller, kind))
        var target = route.path
        var fields: [String] = try credentials(of: caller, for: repository)
        var body: String?
        switch kind {
        case .putDocument: body = String(decoding: repository.declared.document, as: UTF8.self)
        case .putLayer: body = AccountsServer.base64(repository.begun.layer)
        case .putChecksum: fields.append("X-Docker-Checksum-Payload: \(repository.layered.sum)")
        case .putTag: body = "\"\(id)\""
        case .putProperties: body = #"{"access":"\#(repository.isPrivate ? "public" : "private")"}"#
        case .deleteRepository where row.remark == "asking the index": fields.append("X-Docker-Token: true")
        case .deleteRepository where row.remark == "reporting the end":
            fields += ["X-Docker-Token: true", "X-Docker-Endpoints: registry.test:5000"]
        case .putRepository, .putImages: body = #"[{"id":"\#(repository.declared.id)"},{"id":"\#(String(repeating: "5", count: 64))"}]"#
        case .register: body = Self.registration(row.remark == "a taken name" ? "alice" : "newcomer")
        case .updateUser: body = #"{"email":"another@example.org","password":"another secret"}"#
        case .confirmPage, .confirm: target = try #require(links[column])
        default: break
        }
        if route.method != .get, body == nil { body = "" }
        return Probe(repository: repository, head: "\(route.method.rawValue) \(target)", fields: fields, body: body)
    }

    func place(_ column: String, _ caller: TableCaller, inLibrary: Bool) throws -> PlantedRepository {
        switch (column, inLibrary) {
        case ("library", true): try repository("library/base")
        case ("absent", true): try repository("library/none")
        case ("nowhere", true): try repository("nowhere/app")
        case ("private", false), ("public", false), ("absent", false): try repository("\(caller.namespace)/\(column)")
        default: try repository("\(caller.namespace)/public")
        }
    }

    /// The image that the request is about.
    private func image(_ kind: RouteKind, _ repository: PlantedRepository, _ caller: TableCaller) throws -> PlantedImage {
        switch kind {
        case .putDocument: repository.declared
        case .putLayer: repository.begun
        case .putChecksum: repository.layered
        // What is absent has no image that a tag could name.
        case .putTag where repository.name.text.hasSuffix("/absent"): try self.repository("\(caller.namespace)/public").image
        case .putTag where repository.name.text == "library/none" || repository.name.text == "nowhere/app":
            try self.repository("library/base").image
        default: repository.image
        }
    }

    private func user(_ column: String, _ caller: TableCaller, _ kind: RouteKind) throws -> String {
        switch (kind, column) {
        case (.updateUser, "another"): caller.user == "stan" ? "alice" : "stan"
        case (.updateUser, "unknown"): "nobody_known"
        default: caller.user
        }
    }

    private static func registration(_ name: String) -> String {
        #"{"username":"\#(name)","email":"\#(name)@example.net","password":"a good secret","auth":""}"#
    }

    func credentials(of caller: TableCaller, for repository: PlantedRepository) throws -> [String] {
        func token(_ kind: TokenName.Kind) throws -> String {
            // Rows without a repository are asked with the tokens of the public one; those of other namespaces with hers too.
            let name = Self.owned.contains(repository.name.text) ? repository.name.text : "alice/public"
            return try #require(tokens[TokenName(kind: kind, repository: name)])
        }
        switch caller {
        case .nobody: return []
        case .emptyBasic: return ["Authorization: Basic Og=="]
        case .emptyToken: return ["Authorization: Token"]
        case .wrongPassword: return [AccountsServer.basic("alice", "no secret of hers")]
        case .unknownUser: return [Self.basic("ghost")]
        case .disabledWrongly: return [AccountsServer.basic("dora", "no secret of hers")]
        case .revokedKey, .expiredKey, .readKey, .writeKey, .rootWriteKey, .adminKey, .keyForAnother, .disabledByKey:
            return [AccountsServer.basic(caller.user, try #require(keys[caller]))]
        case .expiredToken: return [AccountsServer.token(try token(.expired))]
        case .forgedToken: return [AccountsServer.token(try Self.forged(token: token(.write)))]
        case .disabledByToken: return [AccountsServer.token(try token(.disabled))]
        case .readToken: return [AccountsServer.token(try token(.read))]
        case .writeToken: return [AccountsServer.token(try token(.write))]
        case .deleteToken: return [AccountsServer.token(try token(.delete))]
        case .tokenForAnother: return [AccountsServer.token(try #require(tokens[TokenName(kind: .write, repository: "alice/other")]))]
        case .cookie:
            let name = Self.owned.contains(repository.name.text) ? repository.name.text : "alice/public"
            return ["Cookie: \(try #require(cookies[name]))"]
        case _ where caller.isBearer: return [DistributionClient.bearer(try bearer(of: caller, for: repository.name.text))]
        case .unconfirmed, .disabled, .stranger, .reader, .readerByRule, .organizationReader, .writer, .organizationWriter, .owner,
            .organizationAdmin, .administrator:
            return [Self.basic(caller.user)]
        default: throw PermissionTable.Malformed(file: "", line: 0, why: "no credentials for \(caller.rawValue)")
        }
    }
}
