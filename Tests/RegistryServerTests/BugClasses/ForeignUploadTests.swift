import ImageModel
import ImageRegistry
import Testing

/// field.md §4.2, class C: an upload is its beginner's, in its repository, and nobody else's by any road.
@Suite("Class C: uploads across tenants and repositories")
struct ForeignUploadTests {
    static let routes: [(method: String, query: String, body: String?)] = [
        ("GET", "", nil), ("HEAD", "", nil), ("PATCH", "", "stolen bytes"), ("PUT", "?digest=DIGEST", ""),
        ("PUT", "?digest=DIGEST", "stolen bytes"), ("DELETE", "", ""),
    ]

    @Test("whoever else may write there reads, appends to, finishes and ends none of it, and is answered as for one that is not")
    func others() async throws {
        try await BugWorld.lend { world, server in
            let name = PermissionWorld.UploadName(user: "alice", repository: "alice/private")
            let id = try #require(world.uploads[name])
            let objects = try await StoreDump(world.store)
            let before = try await CatalogDump(server.database)
            let bearers = try await ["wanda", "root"].asyncMap {
                try await DistributionClient.user($0, server).bearing(["repository:alice/private:pull,push,delete,*"])
            }
            let rootKey = DistributionClient(server, [AccountsServer.basic("root", try #require(world.keys[.rootWriteKey]))])
            for client in [DistributionClient.user("wanda", server), .user("root", server), rootKey] + bearers {
                for (method, query, body) in Self.routes {
                    let answers = try await [id, PermissionWorld.unknownUpload].asyncMap { id in
                        let query = query.replacing("DIGEST", with: name.content.digest.description)
                        let answer = try await client.send(
                            "\(method) /v2/alice/private/blobs/uploads/\(id)\(query)", [], body.map { Array($0.utf8) })
                        return (answer.code, answer.comparable(without: [id]))
                    }
                    #expect(answers[0].0 == 404, "\(method): \(answers[0].1)")
                    #expect(answers[0].1 == answers[1].1, "\(method)")
                    if method != "HEAD" { #expect(answers[0].1.last?.contains("BLOB_UPLOAD_UNKNOWN") == true, "\(method)") }
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            #expect(objects.difference(to: try await StoreDump(world.store)).isEmpty)
            let alice = DistributionClient.user("alice", server)
            let status = try await alice.expect(204, "GET /v2/alice/private/blobs/uploads/\(id)")
            #expect(status.values(of: "range") == ["0-\(name.content.bytes.count - 1)"])
            try await alice.expect(201, "PUT /v2/alice/private/blobs/uploads/\(id)?digest=\(name.content.digest)", [], [])
        }
    }

    @Test("one's own is nowhere under another repository's name, be it one's own too", arguments: ["alice", "root", "wanda"])
    func otherNames(user: String) async throws {
        try await BugWorld.lend { world, server in
            let client = DistributionClient.user(user, server)
            let name = PermissionWorld.UploadName(user: user, repository: "alice/private")
            let id = try #require(world.uploads[name])
            let before = try await CatalogDump(server.database)
            let names = user == "wanda" ? ["alice/public"] : ["alice/public", "alice/other", "alice/absent"]
            for other in names {
                for (method, query, body) in Self.routes {
                    let query = query.replacing("DIGEST", with: name.content.digest.description)
                    let answer = try await client.send(
                        "\(method) /v2/\(other)/blobs/uploads/\(id)\(query)", [], body.map { Array($0.utf8) })
                    #expect(answer.code == 404, "\(method) \(other): \(answer.status)")
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            try await client.expect(204, "GET /v2/alice/private/blobs/uploads/\(id)")
        }
    }

    @Test("an upload of a blob that is finished, ended or failed is over")
    func over() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            let blob = NamedBytes("a blob to finish\n")
            func ended(_ end: (String) async throws -> Void) async throws {
                let location = try await alice.begin(in: "alice/private")
                try await alice.append(blob.bytes, to: location)
                try await end(location)
                for (method, query, body) in Self.routes {
                    let query = query.replacing("DIGEST", with: blob.digest.description)
                    let answer = try await alice.send("\(method) \(location)\(query)", [], body.map { Array($0.utf8) })
                    #expect(answer.code == 404, "\(method): \(answer.status) \(answer.text)")
                }
            }
            try await ended { try await alice.expect(201, "PUT \($0)?digest=\(blob.digest)", [], []) }
            try await ended { try await alice.expect(204, "DELETE \($0)", [], []) }
            try await ended { try await alice.expect(400, "PUT \($0)?digest=\(PermissionWorld.nowhere.digest)", [], []) }
        }
    }

    @Test("whoever may not write any more does not go on with what was begun before")
    func rightsGone() async throws {
        try await BugWorld.lend { world, server in
            let name = PermissionWorld.UploadName(user: "wanda", repository: "alice/private")
            let location = "/v2/alice/private/blobs/uploads/\(try #require(world.uploads[name]))"
            let wanda = DistributionClient.user("wanda", server)
            let bearing = try await wanda.bearing(["repository:alice/private:pull,push"])
            for client in [wanda, bearing] { try await client.expect(204, "GET \(location)") }
            try await server.registry.setCollaborator(
                try PermissionWorld.user("wanda"), .read, on: try world.repository("alice/private").name)
            let before = try await CatalogDump(server.database)
            for client in [wanda, bearing] {
                for (method, query, body) in Self.routes {
                    let query = query.replacing("DIGEST", with: name.content.digest.description)
                    try await client.expect(403, "\(method) \(location)\(query)", [], body.map { Array($0.utf8) })
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("one's own credentials are one and the same, as far as each goes")
    func ownCredentials() async throws {
        try await BugWorld.lend { world, server in
            let name = PermissionWorld.UploadName(user: "alice", repository: "alice/private")
            let location = "/v2/alice/private/blobs/uploads/\(try #require(world.uploads[name]))"
            func key(_ caller: TableCaller) throws -> DistributionClient {
                DistributionClient(server, [AccountsServer.basic("alice", try #require(world.keys[caller]))])
            }
            try await key(.writeKey).expect(204, "GET \(location)")
            try await key(.adminKey).expect(204, "GET \(location)")
            for caller in [TableCaller.readKey, .keyForAnother] {
                for (method, query, body) in Self.routes {
                    try await key(caller).expect(403, "\(method) \(location)\(query)", [], body.map { Array($0.utf8) })
                }
            }
            let token = try await DistributionClient.user("alice", server).bearing(["repository:alice/private:pull,push"])
            try await token.append(Array("more".utf8), to: location)
        }
    }

    @Test("the id of an upload is taken in one spelling only")
    func spellings() async throws {
        try await BugWorld.lend { world, server in
            let id = try #require(world.uploads[PermissionWorld.UploadName(user: "alice", repository: "alice/private")])
            let alice = DistributionClient.user("alice", server)
            let before = try await CatalogDump(server.database)
            for spelling in [
                id.uppercased(), id + "/", id + "//", id + "%00", id + "%20", " \(id)".replacing(" ", with: "%20"), "{\(id)}",
                "urn:uuid:\(id)", id.replacing("-", with: ""), String(id.dropLast()), id + "0", "../uploads/\(id)", "./\(id)",
                "..%2fuploads%2f\(id)", id + ";x", id + ".", "*", "%2A", "%25",
            ] {
                for (method, query, body) in Self.routes where method != "PUT" {
                    let answer = try await alice.send(
                        "\(method) /v2/alice/private/blobs/uploads/\(spelling)\(query)", [], body.map { Array($0.utf8) })
                    let isSlash = spelling == id + "/" && answer.code < 300
                    #expect((400..<500).contains(answer.code) || isSlash && method == "GET", "\(method) \(spelling): \(answer.status)")
                    if isSlash { break }
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("two who write at once to one upload do not mix their bytes")
    func atOnce() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            let location = try await alice.begin(in: "alice/private")
            let size = 200_000
            let codes = try await withThrowingTaskGroup(of: (UInt8, Int).self) { group in
                for letter in UInt8(ascii: "a")...UInt8(ascii: "f") {
                    group.addTask {
                        let bytes = [UInt8](repeating: letter, count: size)
                        return (letter, try await alice.send("PATCH \(location)", ["Content-Range: 0-\(size - 1)"], bytes).code)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winners = codes.filter { $0.1 == 202 }
            #expect(winners.count == 1, "\(codes)")
            #expect(codes.allSatisfy { [202, 409, 416].contains($0.1) }, "\(codes)")
            let blob = NamedBytes([UInt8](repeating: try #require(winners.first?.0), count: size))
            try await alice.expect(201, "PUT \(location)?digest=\(blob.digest)", [], [])
            #expect(try await alice.expect(200, "GET /v2/alice/private/blobs/\(blob.digest)").body == blob.bytes)
        }
    }
}
