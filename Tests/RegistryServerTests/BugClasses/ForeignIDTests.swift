import Database
import ImageModel
import RegistryWire
import Testing

/// field.md §4.2, class A: an object's id is checked against the repository, with every role.
@Suite("Class A: an id of somebody else's repository")
struct ForeignIDTests {
    /// People who may do much elsewhere and nothing in acme/private.
    static let outsiders = ["stan", "rita", "wanda", "alice"]

    @Test("is not there on any route of images, by password", arguments: outsiders)
    func images(user: String) async throws {
        try await BugWorld.lend { world, server in
            let foreign = try world.repository("acme/private")
            let before = try await CatalogDump(server.database)
            let credentials = [PermissionWorld.basic(user)]
            for part in ["json", "layer", "ancestry", "files", "diff"] {
                for planted in [foreign.image, foreign.begun, foreign.layered, foreign.declared] {
                    let answer = try await server.send("GET /v1/images/\(planted.id)/\(part)", credentials)
                    #expect(
                        answer.code == 404 && answer.text == #"{"error":"Image not found"}"#, "\(part): \(answer.status) \(answer.text)")
                }
            }
            let layer = try await server.send(
                "PUT /v1/images/\(foreign.begun.id)/layer", credentials, body: AccountsServer.base64(foreign.image.layer))
            #expect(layer.code == 404)
            let sum = "X-Docker-Checksum-Payload: \(foreign.layered.sum)"
            let checksum = try await server.send("PUT /v1/images/\(foreign.layered.id)/checksum", credentials + [sum], body: "")
            #expect(checksum.code == 404)
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("is not there for a token of one's own repository, read or pushed")
    func byToken() async throws {
        try await BugWorld.lend { world, server in
            let foreign = try world.repository("acme/private")
            let token = AccountsServer.token(try await server.writeToken(for: "stan/own", by: "stan").token)
            let before = try await CatalogDump(server.database)
            for part in ["json", "layer", "ancestry", "files", "diff"] {
                #expect(try await server.send("GET /v1/images/\(foreign.image.id)/\(part)", [token]).code == 404)
            }
            let layer = try await server.send(
                "PUT /v1/images/\(foreign.begun.id)/layer", [token], body: AccountsServer.base64(foreign.image.layer))
            #expect(layer.code == 404)
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("does not become one's own by a tag, by a parent or by a list")
    func claims() async throws {
        try await BugWorld.lend { world, server in
            let foreign = try world.repository("alice/private").image
            let credentials = [PermissionWorld.basic("stan")]
            let tag = try await server.send("PUT /v1/repositories/stan/own/tags/stolen", credentials, body: "\"\(foreign.id)\"")
            #expect(tag.code == 404 && tag.text == #"{"error":"Image not found"}"#)

            let token = AccountsServer.token(try await server.writeToken(for: "stan/own", by: "stan").token)
            let child = String(repeating: "c", count: 64)
            let document = #"{"id":"\#(child)","parent":"\#(foreign.id)"}"#
            for fields in [[token], credentials] {
                let answer = try await server.send("PUT /v1/images/\(child)/json", fields, body: document)
                #expect(answer.code == 400 && answer.text == #"{"error":"Image depends on a non existing parent"}"#, "\(answer.status)")
            }

            let list = try await server.send("PUT /v1/repositories/stan/own/", credentials, body: #"[{"id":"\#(foreign.id)"}]"#)
            #expect(list.code == 200)
            for fields in [[token], credentials] {
                #expect(try await server.send("GET /v1/images/\(foreign.id)/json", fields).code == 404)
                #expect(try await server.send("GET /v1/images/\(foreign.id)/layer", fields).code == 404)
            }
        }
    }

    @Test("that was declared privately tells a stranger nothing who pushes it")
    func declaredElsewhere() async throws {
        try await BugWorld.lend { world, server in
            let declared = try world.repository("alice/private").declared
            let unknown = try #require(PlantedImage("nobody's"))
            let credentials = [PermissionWorld.basic("stan")]
            func push(_ planted: PlantedImage) async throws -> [String] {
                try await server.send(
                    "PUT /v1/images/\(planted.id)/json", credentials, body: String(decoding: planted.document, as: UTF8.self)
                ).comparable
            }
            #expect(try await push(declared) == push(unknown))
            let owner = try await server.send("GET /v1/images/\(declared.id)/json", [PermissionWorld.basic("alice")])
            #expect(owner.code == 404, "what a stranger sent is in alice's repository: \(owner.status)")
        }
    }

    @Test("that somebody has pushed without naming a repository is nobody else's to tag")
    func unclaimed() async throws {
        try await BugWorld.lend { _, server in
            let planted = try #require(PlantedImage("unclaimed"))
            let paul = [PermissionWorld.basic("paul")]
            let document = String(decoding: planted.document, as: UTF8.self)
            #expect(try await server.send("PUT /v1/images/\(planted.id)/json", paul, body: document).code == 200)
            _ = try await server.send("PUT /v1/images/\(planted.id)/layer", paul, body: AccountsServer.base64(planted.layer))
            let sum = "X-Docker-Checksum-Payload: \(planted.sum)"
            _ = try await server.send("PUT /v1/images/\(planted.id)/checksum", paul + [sum], body: "")
            let stan = [PermissionWorld.basic("stan")]
            #expect(try await server.send("PUT /v1/repositories/stan/own/tags/stolen", stan, body: "\"\(planted.id)\"").code == 404)
            for part in ["json", "layer", "ancestry"] {
                #expect(try await server.send("GET /v1/images/\(planted.id)/\(part)", stan).code == 404)
                #expect(try await server.send("GET /v1/images/\(planted.id)/\(part)").code == 401)
            }
            #expect(try await server.send("PUT /v1/repositories/paul/own/tags/latest", paul, body: "\"\(planted.id)\"").code == 200)
        }
    }

    @Test("that waits, pushed by others or by a key for another repository, does not come into a push", arguments: ["alice", "root"])
    func waiting(user: String) async throws {
        try await BugWorld.lend { world, server in
            let planted = try #require(PlantedImage("a base that everybody knows"))
            let limited = AccountsServer.basic("alice", try #require(world.keys[.keyForAnother]))
            for credentials in [[PermissionWorld.basic("stan")], [limited]] {
                let document = String(decoding: planted.document, as: UTF8.self)
                _ = try await server.send("PUT /v1/images/\(planted.id)/json", credentials, body: document)
                _ = try await server.send("PUT /v1/images/\(planted.id)/layer", credentials, body: AccountsServer.base64(planted.layer))
                let sum = "X-Docker-Checksum-Payload: \(planted.sum)"
                _ = try await server.send("PUT /v1/images/\(planted.id)/checksum", credentials + [sum], body: "")
            }
            let token = AccountsServer.token(try await server.writeToken(for: "\(user)/push", by: user).token)
            for credentials in [[token], [PermissionWorld.basic(user)]] {
                let read = try await server.send("GET /v1/images/\(planted.id)/json", credentials)
                #expect(read.code == 404, "\(read.status) \(read.text)")
            }
            let own = #"{"id":"\#(planted.id)","comment":"of \#(user)"}"#
            let begin = try await server.send("PUT /v1/images/\(planted.id)/json", [token], body: own)
            #expect(begin.code == 200, "\(begin.status) \(begin.text)")
            let child = String(repeating: "c", count: 64)
            let another = AccountsServer.token(try await server.writeToken(for: "\(user)/other_push", by: user).token)
            let document = #"{"id":"\#(child)","parent":"\#(planted.id)"}"#
            let orphan = try await server.send("PUT /v1/images/\(child)/json", [another], body: document)
            #expect(orphan.code == 400, "\(orphan.status) \(orphan.text)")
        }
    }

    @Test("is answered like an unknown one where a registry asks for access to a layer")
    func layerAccess() async throws {
        try await BugWorld.lend { world, server in
            let foreign = try world.repository("alice/private").image.id
            let unknown = String(repeating: "d", count: 64)
            for credentials in [[PermissionWorld.basic("stan")], []] {
                for id in [foreign.text, unknown] {
                    let answer = try await server.send("GET /v1/repositories/alice/public/layer/\(id)/access", credentials)
                    #expect(answer.code == 200 && answer.text == #"{"access":false}"#, "\(answer.status) \(answer.text)")
                }
            }
        }
    }

    @Test("two tenants push one id with different bytes, and each gets back its own")
    func oneIDTwoTenants() async throws {
        try await BugWorld.lend { _, server in
            let id = String(repeating: "e", count: 64)
            var tokens: [String: String] = [:]
            for user in ["stan", "paul"] {
                let document = #"{"id":"\#(id)","comment":"of \#(user)"}"#
                let token = AccountsServer.token(try await server.writeToken(for: "\(user)/app", by: user).token)
                tokens[user] = token
                #expect(try await server.send("GET /v1/images/\(id)/json", [token]).code == 404)
                #expect(try await server.send("PUT /v1/images/\(id)/json", [token], body: document).code == 200)
                #expect(try await server.send("PUT /v1/images/\(id)/layer", [token], body: "bytes of \(user)").code == 200)
                #expect(try await server.send("PUT /v1/repositories/\(user)/app/tags/latest", [token], body: "\"\(id)\"").code == 200)
            }
            for (user, token) in tokens {
                for fields in [[token], [PermissionWorld.basic(user)]] {
                    #expect(try await server.send("GET /v1/images/\(id)/layer", fields).text == "bytes of \(user)")
                    #expect(try await server.send("GET /v1/images/\(id)/json", fields).text.contains("of \(user)"))
                }
            }
            #expect(try await server.send("GET /v1/images/\(id)/json", [PermissionWorld.basic("root")]).code == 409)
        }
    }
}
