import Foundation
import ImageModel
import Testing

@testable import RegistryTesting

/// field.md §4.2, class M: a small request costs little, and a large one is refused before it costs more.
@Suite("Class M: memory and time", .timeLimit(.minutes(2)))
struct ExhaustionTests {
    private static let type = "Content-Type: \(PlantedContent.imageType)"

    @Test("numbers of a page: what is none is refused, and the largest gives no more than there is")
    func pages() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let digest = try world.repository("alice/private").content.manifest.digest
            for path in ["/v2/_catalog", "/v2/alice/private/tags/list", "/v2/alice/private/referrers/\(digest)"] {
                let whole = try await alice.expect(200, "GET \(path)").body
                for n in ["1000000000000", "2147483648", "9223372036854775807", "10000", "0010"] {
                    let answer = try await alice.expect(200, "GET \(path)?n=\(n)")
                    #expect(answer.body == whole, "\(path)?n=\(n)")
                }
                for n in ["-1", "abc", "1e3", "0x10", "1.5", "%201", "1,000", "9223372036854775808x", "%D9%A3", "NaN", "--1"] {
                    let answer = try await alice.send("GET \(path)?n=\(n)")
                    let isFine = answer.code == 400 || path.contains("referrers") && answer.code == 200
                    #expect(isFine, "\(path)?n=\(n): \(answer.status)")
                    if answer.code == 200 { #expect(answer.body == whole) }
                }
                let long = String(repeating: "9", count: 400)
                let answer = try await alice.send("GET \(path)?n=\(long)")
                #expect(answer.code == 400 || answer.body == whole, "\(answer.status)")
                let none = try await alice.expect(200, "GET \(path)?n=0")
                #expect(none.values(of: "link").isEmpty && !none.text.contains("\"two\"") && !none.text.contains("acme"), "\(none.text)")
                let last = String(repeating: "z", count: 6000)
                let after = try await alice.send("GET \(path)?last=\(last)&n=5")
                #expect([200, 400, 414].contains(after.code), "\(after.status)")
            }
        }
    }

    @Test("a page is no longer than the operator's maximum, whatever is asked, and the next one goes on")
    func pageMaximum() async throws {
        try await BugWorld.lend({ $0.pageSize = 2 }) { _, server in
            let root = DistributionClient.user("root", server)
            var path: String? = "/v2/_catalog?n=1000000000000"
            var names: [String] = []
            var pages = 0
            while let next = path, pages < 10 {
                let answer = try await root.expect(200, "GET \(next)")
                let page = try #require(CatalogPage(answer.body)).repositories
                #expect(page.count <= 2)
                names += page
                pages += 1
                path = answer.values(of: "link").first?.firstMatch(of: /<([^>]+)>/).map { String($0.output.1) }
            }
            #expect(names == ["acme/private", "acme/public", "alice/other", "alice/private", "alice/public", "base", "stan/own"])
        }
    }

    @Test("a manifest that says that it is too large is refused before it is read")
    func declaredManifest() async throws {
        try await BugWorld.lend { _, server in
            for length in ["5000000", "1000000000", "9223372036854775807"] {
                let connection = try await RawHTTP.begin(
                    "PUT /v2/alice/private/manifests/huge", [PermissionWorld.basic("alice"), Self.type, "Content-Length: \(length)"],
                    port: server.port)
                let answer = Received(try await connection.receiveAll())
                #expect(answer.code == 413, "\(length): \(answer.status)")
                #expect(
                    answer.text.contains(#""code":"MANIFEST_INVALID""#) || answer.text.contains(#""code":"SIZE_INVALID""#), "\(answer.text)"
                )
            }
        }
    }

    @Test("a manifest without a length is read no further than its limit")
    func endlessManifest() async throws {
        try await BugWorld.lend { _, server in
            let connection = try await RawHTTP.begin(
                "PUT /v2/alice/private/manifests/huge", [PermissionWorld.basic("alice"), Self.type, "Transfer-Encoding: chunked"],
                port: server.port)
            let chunk = Array("100000\r\n".utf8) + [UInt8](repeating: 32, count: 1 << 20) + Array("\r\n".utf8)
            for _ in 1...8 { try await connection.send(chunk) }
            let answer = Received(try await connection.receiveAll())
            #expect(answer.code == 413 || answer.code == 0, "\(answer.status)")
            #expect(try await DistributionClient.user("alice", server).send("GET /v2/alice/private/manifests/huge").code == 404)
        }
    }

    @Test("a manifest of very many parts, or very deep, is refused soon")
    func wideAndDeep() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            let before = try await CatalogDump(server.database)
            let config = content.config.descriptor(PlantedContent.configType)
            let small = #"{"mediaType":"a/b","digest":"\#(content.layer.digest)","size":1}"#
            func image(_ layers: String, _ more: String = "") -> String {
                #"{"schemaVersion":2,"mediaType":"\#(PlantedContent.imageType)","config":\#(config),"layers":[\#(layers)]\#(more)}"#
            }
            let annotations = (0..<100_000).map { #""a\#($0)":"b""# }.joined(separator: ",")
            for (name, body, codes) in [
                ("layers", image(repeatElement(small, count: 100_000).joined(separator: ",")), [400, 413]),
                ("layers within the size", image(repeatElement(small, count: 30_000).joined(separator: ",")), [400, 413]),
                ("annotations", image("", #","annotations":{\#(annotations)}"#), [201, 400, 413]),
                ("deep lists", image("", #","x":\#(String(repeating: "[", count: 1_000_000))"#), [400]),
                (
                    "deep lists that end",
                    image("", ",\"x\":" + String(repeating: "[", count: 400_000) + String(repeating: "]", count: 400_000)), [400]
                ),
                ("deep objects", image("", ",\"x\":" + String(repeating: #"{"a":"#, count: 200_000)), [400]),
                ("a long number", image("", ",\"x\":" + String(repeating: "9", count: 3_000_000)), [201, 400, 413]),
                ("a long text", image("", ",\"x\":\"" + String(repeating: "a", count: 4_100_000) + "\""), [201, 400, 413]),
                ("a long key", image("", ",\"" + String(repeating: "a", count: 4_000_000) + "\":1"), [201, 400, 413]),
                ("escapes", image("", ",\"x\":\"" + String(repeating: #"\u0041"#, count: 600_000) + "\""), [201, 400, 413]),
            ] {
                let clock = ContinuousClock()
                let start = clock.now
                let answer = try await alice.send("PUT /v2/alice/private/manifests/wide", [Self.type], Array(body.utf8))
                #expect(codes.contains(answer.code), "\(name): \(answer.status) \(answer.text.prefix(200))")
                #expect(clock.now - start < .seconds(20), "\(name) took \(clock.now - start)")
                if answer.code == 201 { try await alice.expect(202, "DELETE /v2/alice/private/manifests/wide", [], []) }
            }
            let after = try await CatalogDump(server.database)
            let tags = before.difference(to: after).contains("wide")
            #expect(!tags)
        }
    }

    @Test("references that are missing are listed up to a hundred")
    func missing() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let layers = (0..<5000).map { NamedBytes("missing \($0)") }
            let body = PlantedContent.image(content.config, layers)
            let answer = try await DistributionClient.user("alice", server).expect(
                404, "PUT /v2/alice/private/manifests/sparse", [Self.type], Array(body.utf8))
            #expect(answer.text.ranges(of: "MANIFEST_BLOB_UNKNOWN").count == 100)
        }
    }

    @Test("dots, long tokens and long fields where a bearer token should be cost a refusal")
    func tokens() async throws {
        try await BugWorld.lend { world, server in
            let token = try world.bearer(of: .pullBearer, for: "alice/private")
            for text in [
                String(repeating: ".", count: 16_000), String(repeating: "a.", count: 8000), ".", "..", "...", "....", token + ".",
                "." + token, token + "." + token, String(repeating: "A", count: 16_000), "e30.e30.e30", "\(token).\(token).\(token)",
                String(repeating: "A", count: 5000) + "." + String(repeating: "B", count: 5000) + "." + String(repeating: "C", count: 5000),
            ] {
                let answer = try await server.send("GET /v2/alice/private/tags/list", ["Authorization: Bearer \(text)"])
                #expect([400, 401, 431].contains(answer.code), "\(text.prefix(20)) of \(text.count): \(answer.status)")
            }
            let flood = try await server.send("GET /v2/", ["Authorization: Bearer " + String(repeating: ".", count: 1_000_000)])
            #expect([0, 400, 401, 431].contains(flood.code), "\(flood.status)")
        }
    }

    @Test("of open uploads there are no more than the limit, in one repository")
    func openUploads() async throws {
        try await BugWorld.lend({ $0.openUploads = 8 }) { _, server in
            let alice = DistributionClient.user("alice", server)
            var locations: [String] = []
            var refused: Received?
            for _ in 1...12 where refused == nil {
                let answer = try await alice.send("POST /v2/alice/fresh/blobs/uploads/", [], [])
                if answer.code == 202 { locations.append(try DistributionClient.location(of: answer)) } else { refused = answer }
            }
            let answer = try #require(refused)
            #expect((400..<500).contains(answer.code) && answer.text.hasPrefix(#"{"errors":[{"code":""#), "\(answer.status) \(answer.text)")
            // A mount that cannot be one begins none either.
            let mount = try await alice.send("POST /v2/alice/fresh/blobs/uploads/?mount=\(PermissionWorld.nowhere.digest)", [], [])
            #expect(mount.code == answer.code)
            // Another repository has its own.
            _ = try await alice.begin(in: "alice/fresher")
            try await alice.expect(204, "DELETE \(try #require(locations.first))", [], [])
            _ = try await alice.begin(in: "alice/fresh")
        }
    }

    @Test("many uploads at once do not pass the limit together")
    func openUploadsAtOnce() async throws {
        try await BugWorld.lend({ $0.openUploads = 4 }) { _, server in
            let alice = DistributionClient.user("alice", server)
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...24 { group.addTask { try await alice.send("POST /v2/alice/fresh/blobs/uploads/", [], []).code } }
                return try await group.reduce(0) { $0 + ($1 == 202 ? 1 : 0) }
            }
            #expect(made == 4, "\(made)")
        }
    }

    @Test("bodies that come slowly hold up nobody else")
    func slow() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            var connections: [RawConnection] = []
            for _ in 1...40 {
                let location = try await alice.begin(in: "alice/private")
                connections.append(
                    try await RawHTTP.begin(
                        "PATCH \(location)", [PermissionWorld.basic("alice"), "Content-Length: 1000000"], [1, 2, 3], port: server.port))
            }
            for _ in 1...20 {
                connections.append(
                    try await RawHTTP.begin(
                        "PUT /v2/alice/private/manifests/slow", [PermissionWorld.basic("alice"), Self.type, "Content-Length: 1000"],
                        Array("{".utf8), port: server.port))
            }
            let clock = ContinuousClock()
            let start = clock.now
            try await alice.push(NamedBytes("meanwhile\n"), to: "alice/private")
            try await alice.expect(200, "GET /v2/alice/private/manifests/two")
            #expect(clock.now - start < .seconds(10))
            for connection in connections { connection.endSending() }
            for connection in connections { _ = try await connection.receiveAll() }
            try await alice.expect(404, "GET /v2/alice/private/manifests/slow")
        }
    }

    @Test("floods of fields and parameters are refused, or read no further than they have to be")
    func floods() async throws {
        try await BugWorld.lend { world, server in
            let alice = PermissionWorld.basic("alice")
            let many = (0..<20_000).map { "X-\($0): y" }
            let fields = try await server.send("GET /v2/alice/private/tags/list", [alice] + many)
            #expect([0, 400, 431].contains(fields.code), "\(fields.status)")
            let types = (0..<400).map { "Accept: application/x-\($0);q=0.\($0)" }
            let accept = try await server.send("GET /v2/alice/private/manifests/two", [alice] + types)
            #expect([200, 404, 431].contains(accept.code), "\(accept.status)")
            let scopes = (0..<120).map { "scope=repository:alice/r\($0):pull" }.joined(separator: "&")
            let token = try await server.send("GET /v2/token?service=\(world.service)&\(scopes)", [alice])
            #expect([200, 400, 414].contains(token.code), "\(token.status)")
            if let granted = GrantedToken(token.body) {
                #expect(granted.access.count <= 100, "\(granted.access.count)")
                #expect(granted.token.utf8.count <= 16_384)
                try await DistributionClient(server, [DistributionClient.bearer(granted.token)]).expect(200, "GET /v2/")
            }
            let manifest = try world.repository("alice/private").content.unpushed
            let tags = (0..<101).map { "tag=t\($0)" }.joined(separator: "&")
            let before = try await CatalogDump(server.database)
            let answer = try await server.send(
                "PUT /v2/alice/private/manifests/\(manifest.digest)?\(tags)", [alice, "Content-Type: \(PlantedContent.indexType)"],
                body: manifest.text)
            #expect(answer.code == 414, "\(answer.status)")
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }
}
