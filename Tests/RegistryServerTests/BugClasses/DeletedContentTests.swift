import ImageModel
import RegistryTesting
import Testing

/// field.md §4.2, class E: what was deleted stays deleted, whoever touches the same bytes elsewhere, and on whichever server.
@Suite("Class E: deleted content that returns")
struct DeletedContentTests {
    /// Every way to ask for what a repository has.
    private static func reads(_ content: PlantedContent, in name: String) -> [String] {
        [
            "/v2/\(name)/manifests/\(PlantedContent.tag)", "/v2/\(name)/manifests/\(content.manifest.digest)",
            "/v2/\(name)/manifests/\(content.referrer.digest)", "/v2/\(name)/blobs/\(content.layer.digest)",
            "/v2/\(name)/blobs/\(content.config.digest)", "/v2/\(name)/blobs/\(content.loose.digest)", "/v2/\(name)/tags/list",
        ]
    }

    /// The same with conditions under which a kept answer might say that nothing has changed.
    private static func conditions(_ path: String) -> [[String]] {
        let name = path.split(separator: "/").last ?? ""
        return [[], ["If-None-Match: \"\(name)\""], ["If-None-Match: *"], ["Cache-Control: only-if-cached"], ["Range: bytes=0-3"]]
    }

    /// Asks until whatever is kept is kept.
    private static func warm(_ paths: [String], _ clients: [DistributionClient]) async throws {
        for client in clients {
            for path in paths + paths {
                try await client.expect(200, "GET \(path)")
                try await client.expect(200, "HEAD \(path)")
            }
        }
    }

    private static func expectGone(_ paths: [String], _ clients: [DistributionClient], _ when: String) async throws {
        for client in clients {
            for path in paths {
                for fields in conditions(path) {
                    for method in ["GET", "HEAD"] {
                        let answer = try await client.send("\(method) \(path)", fields)
                        #expect([401, 404].contains(answer.code), "\(when), \(method) \(path) \(fields): \(answer.status)")
                    }
                }
            }
        }
    }

    /// The deletion of a manifest with everything that it holds, one after the other.
    private static func deleteAll(_ content: PlantedContent, in name: String, _ client: DistributionClient) async throws {
        try await client.expect(202, "DELETE /v2/\(name)/manifests/\(content.manifest.digest)", [], [])
        try await client.expect(202, "DELETE /v2/\(name)/manifests/\(content.referrer.digest)", [], [])
        for blob in [content.layer, content.config, content.loose] {
            try await client.expect(202, "DELETE /v2/\(name)/blobs/\(blob.digest)", [], [])
        }
    }

    @Test("deleted here, and used elsewhere before and after: not here any more, on this server, on another, and after a restart")
    func elsewhere() async throws {
        try await TemporaryFolder.lend { folder in
            let catalog = "\(folder)/catalog.sqlite"
            let world = try await PermissionWorld.copy(to: catalog)
            let content = try world.repository("alice/public").content
            let paths = Self.reads(content, in: "alice/public").dropLast()
            var options = AccountsServer.Options()
            options.rules = try PermissionWorld.rules
            let settled = options
            try await AccountsServer.lend(catalog: catalog, store: world.store, options: settled) { first in
                try await AccountsServer.lend(catalog: catalog, store: world.store, options: settled) { second in
                    let alice = DistributionClient.user("alice", first)
                    let others = [first, second].flatMap {
                        [DistributionClient($0, []), .user("stan", $0), .user("alice", $0), .user("root", $0)]
                    }
                    let stan = DistributionClient.user("stan", second)
                    try await stan.expect(
                        201, "POST /v2/stan/own/blobs/uploads/?mount=\(content.layer.digest)&from=alice/public", [], [])
                    try await Self.warm(Array(paths), others)
                    try await Self.deleteAll(content, in: "alice/public", alice)
                    try await Self.expectGone(Array(paths), others, "deleted")
                    // The same bytes, alive in another repository, by other people.
                    try await stan.expect(200, "GET /v2/stan/own/blobs/\(content.layer.digest)")
                    for blob in [content.layer, content.config, content.loose] { try await stan.push(blob, to: "stan/own") }
                    try await stan.push(content.manifest, PlantedContent.imageType, to: "stan/own", as: PlantedContent.tag)
                    try await stan.push(content.referrer, PlantedContent.imageType, to: "stan/own", as: content.referrer.digest.description)
                    try await Self.warm(Self.reads(content, in: "stan/own"), [stan])
                    try await Self.expectGone(Array(paths), others, "pushed elsewhere")
                    #expect(try await alice.expect(200, "GET /v2/alice/public/tags/list").text.contains("\"two\"") == false)
                    let referrers = try await alice.expect(200, "GET /v2/alice/public/referrers/\(content.manifest.digest)")
                    #expect(!referrers.text.contains(content.referrer.digest.description))
                }
            }
            try await AccountsServer.lend(catalog: catalog, store: world.store, options: settled) { server in
                let clients = [DistributionClient(server, []), .user("stan", server), .user("alice", server)]
                try await Self.expectGone(Array(paths), clients, "restarted")
            }
        }
    }

    @Test("a deleted repository has nothing, by the deletion of either dialect, and nor has its successor", arguments: ["v1", "v2"])
    func repository(dialect: String) async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            let wanda = DistributionClient.user("wanda", server)
            let paths = Self.reads(content, in: "alice/private")
            try await Self.warm(paths, [alice, wanda])
            if dialect == "v1" {
                try await alice.expect(200, "DELETE /v1/repositories/alice/private/", [], [])
            } else {
                try await alice.expect(202, "DELETE /v2/alice/private", [], [])
            }
            try await Self.expectGone(paths, [alice, wanda, DistributionClient(server, [])], "deleted by \(dialect)")
            #expect(try await alice.expect(200, "GET /v2/_catalog").text.contains("alice/private") == false)
            // A new repository of the old name has what is pushed to it now, and its collaborators are not the old ones.
            try await alice.push(content.loose, to: "alice/private")
            try await Self.expectGone(
                paths.filter { !$0.hasSuffix(content.loose.digest.description) && !$0.hasSuffix("list") }, [alice], "anew")
            for path in paths { try await wanda.expect(404, "GET \(path)") }
        }
    }

    @Test("a deleted tag is gone, and what it named is there by its digest")
    func tag() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/public").content
            let alice = DistributionClient.user("alice", server)
            let nobody = try await DistributionClient(server, []).bearing(["repository:alice/public:pull"])
            let path = "/v2/alice/public/manifests/\(PlantedContent.tag)"
            try await Self.warm([path], [alice, nobody, DistributionClient(server, [])])
            try await alice.expect(202, "DELETE \(path)", [], [])
            try await Self.expectGone([path], [alice, nobody, DistributionClient(server, [])], "untagged")
            try await alice.expect(200, "GET /v2/alice/public/manifests/\(content.manifest.digest)")
            try await alice.expect(404, "DELETE \(path)", [], [])
        }
    }

    @Test("content that was deleted is not there to be mounted, named or finished with")
    func notTaken() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let content = try world.repository("alice/public").content
            try await Self.deleteAll(content, in: "alice/public", alice)
            for from in ["&from=alice/public", ""] {
                try await alice.expect(202, "POST /v2/alice/private/blobs/uploads/?mount=\(content.layer.digest)\(from)", [], [])
            }
            try await alice.expect(
                404, "PUT /v2/alice/public/manifests/again", ["Content-Type: \(PlantedContent.imageType)"], content.manifest.bytes)
            // Pushed again, all is well again.
            try await content.plant(in: "alice/public", by: alice)
            try await Self.warm(Self.reads(content, in: "alice/public"), [alice])
        }
    }
}
