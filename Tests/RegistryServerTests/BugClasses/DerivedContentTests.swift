import ImageModel
import Testing

/// field.md §4.2, classes D, N and Y: what the program makes of an image is as visible as the image, and asking for it gives no rights.
@Suite("Classes D, N and Y: derived content")
struct DerivedContentTests {
    private static let docker = ["Accept: \(FreshImage.dockerType)"]

    private static func asks(_ image: FreshImage, in name: String) -> [(target: String, fields: [String])] {
        FreshImage.questions.map { ("/v2/\(name)/manifests/fresh", $0) } + image.paths.map { ($0, []) }
            + ["tags", "tags/fresh", "images", "tags/fresh/json"].map { ("/v1/repositories/\(name)/\($0)", []) }
    }

    @Test("a request that is refused makes nothing, and tells nothing")
    func refused() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let image = FreshImage("the private one")
            try await image.push(to: "alice/private", as: "fresh", by: alice)
            let before = try await CatalogDump(server.database)
            let objects = try await StoreDump(world.store)
            let target = try world.repository("alice/private")
            for caller in [TableCaller.nobody, .stranger, .keyForAnother, .deleteBearer, .otherBearer, .tokenForAnother, .expiredToken] {
                for (path, fields) in Self.asks(image, in: "alice/private") {
                    for method in ["GET", "HEAD"] {
                        let answer = try await server.send("\(method) \(path)", try world.credentials(of: caller, for: target) + fields)
                        let isUnknown =
                            answer.code == 200 && path.hasSuffix("/tags/fresh/json") && answer.text.contains(#""last_update":null"#)
                        #expect([401, 403, 404].contains(answer.code) || isUnknown || method == "HEAD" && answer.code == 200, "\(path)")
                        #expect(!answer.text.contains(image.id) || path.hasSuffix(image.id), "\(caller.rawValue) \(path): \(answer.text)")
                    }
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            #expect(objects.difference(to: try await StoreDump(world.store)).isEmpty)
            for fields in FreshImage.questions { try await alice.expect(200, "GET /v2/alice/private/manifests/fresh", fields) }
            #expect(!before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("what was made for one is found by nobody who may not read what it was made of")
    func elsewhere() async throws {
        try await BugWorld.lend { world, server in
            let (alice, stan) = (DistributionClient.user("alice", server), DistributionClient.user("stan", server))
            let image = FreshImage("a secret")
            try await image.push(to: "alice/private", as: "fresh", by: alice)
            var digests: Set<String> = []
            for fields in FreshImage.questions {
                let answer = try await alice.expect(200, "GET /v2/alice/private/manifests/fresh", fields)
                digests.formUnion(answer.values(of: "docker-content-digest"))
                for match in answer.text.matches(of: /sha256:[0-9a-f]{64}/) { digests.insert(String(match.output)) }
            }
            for path in image.paths { try await alice.expect(200, "GET \(path)") }
            #expect(digests.count >= 4, "the config, the packed layer and two manifests")
            for digest in digests {
                for name in ["stan/own", "alice/public", "base"] {
                    for kind in ["manifests", "blobs"] {
                        let answer = try await stan.send("GET /v2/\(name)/\(kind)/\(digest)")
                        #expect(answer.code == 404, "\(kind) \(digest) in \(name)")
                    }
                }
                for source in ["", "&from=alice/private", "&from=alice/public"] {
                    try await stan.expect(202, "POST /v2/stan/own/blobs/uploads/?mount=\(digest)\(source)", [], [])
                }
            }
            for path in image.paths { try await stan.expect(404, "GET \(path)") }
            try await stan.expect(404, "PUT /v1/repositories/stan/own/tags/taken", [], Array("\"\(image.id)\"".utf8))
        }
    }

    @Test("whoever has the same bytes gets what is made of their own, and both go their own ways")
    func twice() async throws {
        try await BugWorld.lend { _, server in
            let (alice, stan) = (DistributionClient.user("alice", server), DistributionClient.user("stan", server))
            let image = FreshImage("both")
            var answers: [[UInt8]] = []
            for (client, name) in [(alice, "alice/private"), (stan, "stan/own")] {
                try await image.push(to: name, as: "fresh", by: client)
                let answer = try await client.expect(200, "GET /v2/\(name)/manifests/fresh", Self.docker)
                answers.append(answer.body)
                for path in image.paths { try await client.expect(200, "GET \(path)") }
            }
            #expect(answers[0] == answers[1])
            try await alice.expect(202, "DELETE /v2/alice/private/manifests/\(image.manifest.digest)", [], [])
            for path in image.paths {
                try await alice.expect(404, "GET \(path)")
                try await stan.expect(200, "GET \(path)")
            }
            let answer = try await stan.expect(200, "GET /v2/stan/own/manifests/fresh", Self.docker)
            #expect(answer.body == answers[0])
        }
    }

    @Test("a pull by nobody in particular makes a face, and nothing that belongs to anybody")
    func sideEffects() async throws {
        try await BugWorld.lend { world, server in
            let image = FreshImage("an open one")
            try await image.push(to: "alice/public", as: "fresh", by: .user("alice", server))
            let before = Set(try await CatalogDump(server.database).rows)
            for fields in FreshImage.questions {
                let answer = try await server.send("GET /v2/alice/public/manifests/fresh", fields)
                #expect(answer.code == 200, "\(fields): \(answer.text)")
            }
            for path in image.paths { #expect(try await server.send("GET \(path)").code == 200) }
            let new = Set(try await CatalogDump(server.database).rows).subtracting(before)
            let tables = Set(new.compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) })
            let rights: Set = [
                "api_key", "collaborator", "invitation", "member", "namespace", "repository", "repository_image", "star", "tag", "upload",
                "user_account",
            ]
            #expect(!new.isEmpty && tables.isDisjoint(with: rights), "\(tables.sorted())")
            #expect(tables.contains("manifest") && tables.contains("repository_blob"))
        }
    }

    @Test("an id of v1 never stands for two images in one repository")
    func ids() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let repository = try world.repository("alice/private")
            let genuine = repository.image
            // Somebody who may write pushes signed manifests that say that their layer is that of an image which is there.
            let other = NamedBytes("another layer for the same id\n")
            try await alice.push(other, to: "alice/private")
            let document = try SignedText.signed(SignedText.payload(other, id: genuine.id.text))
            try await alice.expect(201, "PUT /v2/alice/private/manifests/claim", ["Content-Type: \(PlantedFaces.signedType)"], document)
            for fields in FreshImage.questions { _ = try await alice.send("GET /v2/alice/private/manifests/claim", fields) }
            for path in ["ancestry", "json", "layer"] { _ = try await alice.send("GET /v1/images/\(genuine.id)/\(path)") }
            let layer = try await alice.expect(200, "GET /v1/images/\(genuine.id)/layer")
            #expect(layer.body == genuine.layer)
            let tag = try await alice.send("GET /v1/repositories/alice/private/tags/claim")
            #expect(tag.text != "\"\(genuine.id)\"", "the tag's image would be another one's layer")
            let latest = try await alice.expect(200, "GET /v1/repositories/alice/private/tags/latest")
            #expect(latest.text == "\"\(genuine.id)\"")
        }
    }
}
