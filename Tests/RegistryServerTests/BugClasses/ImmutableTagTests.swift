import ImageModel
import Testing

/// field.md §4.2, class G: a tag that may not be moved is moved by no road and by nobody.
@Suite("Class G: immutable tags")
struct ImmutableTagTests {
    static let name = "alice/private"

    private static func lend(
        _ body: @escaping @Sendable (PermissionWorld, AccountsServer, PlantedContent) async throws -> Void
    ) async throws {
        let patterns = try ["alice/private:two", "alice/private:v*", "*:latest", "base:two", "library/base:fixed"].map {
            try #require(TagPattern($0), "\($0)")
        }
        try await BugWorld.lend({ $0.immutableTags = patterns }) { world, server in
            try await body(world, server, try world.repository(name).content)
        }
    }

    /// A manifest that is not the tag's.
    private static func other(_ content: PlantedContent, _ word: String = "other") -> NamedBytes {
        NamedBytes(PlantedContent.image(content.config, [content.layer], more: #","annotations":{"word":"\#(word)"}"#))
    }

    private static let type = ["Content-Type: \(PlantedContent.imageType)"]

    @Test("every road that would move or delete one is refused, to writer, owner and administrator", arguments: ["wanda", "alice", "root"])
    func roads(user: String) async throws {
        try await Self.lend { world, server, content in
            let client = DistributionClient.user(user, server)
            let bearing = try await client.bearing(["repository:\(Self.name):pull,push,delete,*"])
            let moved = Self.other(content)
            try await client.push(moved, PlantedContent.imageType, to: Self.name, as: moved.digest.description)
            let fresh = Self.other(content, "fresh")
            let image = try world.repository(Self.name).image.id
            let before = try await CatalogDump(server.database)
            for client in [client, bearing] {
                for (head, fields, body) in [
                    ("PUT /v2/\(Self.name)/manifests/two", Self.type, moved.bytes),
                    ("PUT /v2/\(Self.name)/manifests/two", Self.type, fresh.bytes),
                    ("PUT /v2/\(Self.name)/manifests/\(moved.digest)?tag=two", Self.type, moved.bytes),
                    ("PUT /v2/\(Self.name)/manifests/\(fresh.digest)?tag=free&tag=two&tag=freer", Self.type, fresh.bytes),
                    ("PUT /v2/\(Self.name)/manifests/\(fresh.digest)?tag=free&tag=latest", Self.type, fresh.bytes),
                    ("PUT /v2/\(Self.name)/manifests/latest", Self.type, moved.bytes),
                    ("DELETE /v2/\(Self.name)/manifests/two", [], []), ("DELETE /v2/\(Self.name)/manifests/latest", [], []),
                    ("DELETE /v2/\(Self.name)/manifests/\(content.manifest.digest)", [], []),
                ] as [(String, [String], [UInt8])] {
                    let answer = try await client.expect(409, head, fields, body)
                    #expect(answer.text.hasPrefix(#"{"errors":[{"code":"DENIED","message":"tag "#), "\(head): \(answer.text)")
                }
            }
            for (head, body) in [
                ("PUT /v1/repositories/\(Self.name)/tags/two", "\"\(image)\""),
                ("DELETE /v1/repositories/\(Self.name)/tags/two", ""), ("DELETE /v1/repositories/\(Self.name)/tags/latest", ""),
                ("DELETE /v1/repositories/\(Self.name)/tags", ""),
            ] {
                let answer = try await client.expect(409, head, [], Array(body.utf8))
                #expect(answer.text.hasPrefix(#"{"error":"#), "\(head): \(answer.text)")
            }
            if user != "wanda" {
                try await client.expect(409, "DELETE /v2/\(Self.name)", [], [])
                try await client.expect(409, "DELETE /v1/repositories/\(Self.name)/", [], [])
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            #expect(try await client.expect(200, "GET /v2/\(Self.name)/manifests/two").body == content.manifest.bytes)
        }
    }

    @Test("another image of v1 does not take a tag, and the same one may be said again")
    func v1() async throws {
        try await Self.lend { world, server, _ in
            let wanda = DistributionClient.user("wanda", server)
            let planted = try world.repository(Self.name)
            let path = "/v1/repositories/\(Self.name)/tags"
            try await wanda.expect(200, "PUT \(path)/latest", [], Array("\"\(planted.image.id)\"".utf8))
            try await wanda.expect(
                200, "PUT /v1/images/\(planted.layered.id)/checksum", ["X-Docker-Checksum-Payload: \(planted.layered.sum)"], [])
            try await wanda.expect(409, "PUT \(path)/latest", [], Array("\"\(planted.layered.id)\"".utf8))
            #expect(try await wanda.expect(200, "GET \(path)/latest").text == "\"\(planted.image.id)\"")
            // A tag that is free is taken once.
            try await wanda.expect(200, "PUT \(path)/v1", [], Array("\"\(planted.layered.id)\"".utf8))
            try await wanda.expect(409, "PUT \(path)/v1", [], Array("\"\(planted.image.id)\"".utf8))
            try await wanda.expect(409, "DELETE \(path)/v1", [], [])
            try await wanda.expect(200, "PUT \(path)/free", [], Array("\"\(planted.layered.id)\"".utf8))
            try await wanda.expect(200, "PUT \(path)/free", [], Array("\"\(planted.image.id)\"".utf8))
            try await wanda.expect(200, "DELETE \(path)/free", [], [])
        }
    }

    @Test("the same content again is fine, a new tag is made, and is immutable from then on")
    func again() async throws {
        try await Self.lend { _, server, content in
            let wanda = DistributionClient.user("wanda", server)
            let path = "/v2/\(Self.name)/manifests"
            for reference in ["two", "\(content.manifest.digest)?tag=two", "v1", "\(content.manifest.digest)?tag=v2&tag=two", "v1"] {
                try await wanda.expect(201, "PUT \(path)/\(reference)", Self.type, content.manifest.bytes)
            }
            let other = Self.other(content)
            for tag in ["v1", "v2"] { try await wanda.expect(409, "PUT \(path)/\(tag)", Self.type, other.bytes) }
            try await wanda.expect(201, "PUT \(path)/free", Self.type, content.manifest.bytes)
            try await wanda.expect(201, "PUT \(path)/free", Self.type, other.bytes)
            try await wanda.expect(202, "DELETE \(path)/free", [], [])
            // Another repository's tags are another's.
            let alice = DistributionClient.user("alice", server)
            let empty = NamedBytes(#"{"schemaVersion":2,"mediaType":"\#(PlantedContent.indexType)","manifests":[]}"#)
            try await alice.push(empty, PlantedContent.indexType, to: "alice/public", as: "two")
        }
    }

    @Test("`base` and `library/base` are one repository to a pattern too", arguments: ["base", "library/base"])
    func library(name: String) async throws {
        try await Self.lend { _, server, _ in
            let root = DistributionClient.user("root", server)
            let type = ["Content-Type: \(PlantedContent.indexType)"]
            func index(_ word: String) -> [UInt8] {
                Array(#"{"schemaVersion":2,"mediaType":"\#(PlantedContent.indexType)","manifests":[],"annotations":{"a":"\#(word)"}}"#.utf8)
            }
            try await root.expect(409, "PUT /v2/\(name)/manifests/two", type, index("one"))
            try await root.expect(201, "PUT /v2/\(name)/manifests/fixed", type, index("one"))
            try await root.expect(409, "PUT /v2/\(name)/manifests/fixed", type, index("two"))
            try await root.expect(409, "DELETE /v2/\(name)/manifests/fixed", [], [])
        }
    }

    @Test("of many who make one tag at once, one makes it")
    func race() async throws {
        try await Self.lend { _, server, content in
            let wanda = DistributionClient.user("wanda", server)
            for round in 1...3 {
                let codes = try await withThrowingTaskGroup(of: (Int, NamedBytes).self) { group in
                    for word in ["a", "b", "c", "d", "e", "f"] {
                        group.addTask {
                            let manifest = Self.other(content, word)
                            let reference = word < "d" ? "v\(round)" : "\(manifest.digest)?tag=v\(round)"
                            return (
                                try await wanda.send("PUT /v2/\(Self.name)/manifests/\(reference)", Self.type, manifest.bytes).code,
                                manifest
                            )
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let made = codes.filter { $0.0 == 201 }
                #expect(made.count == 1 && codes.allSatisfy { [201, 409].contains($0.0) }, "\(codes.map(\.0))")
                #expect(try await wanda.expect(200, "GET /v2/\(Self.name)/manifests/v\(round)").body == made.first?.1.bytes)
            }
        }
    }
}
