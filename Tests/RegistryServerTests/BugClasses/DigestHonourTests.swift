import Crypto
import Foundation
import ImageModel
import Testing

@testable import RegistryTesting

/// field.md §4.2, class L: a digest is a promise about bytes, and never a path.
@Suite("Class L: digests that are not honoured")
struct DigestHonourTests {
    private static let hex = String(repeating: "0123456789abcdef", count: 4)

    /// What is no digest, as it stands in a path or a query.
    static let malformed = [
        "sha256:\(hex.dropLast())", "sha256:\(hex)0", "sha256:\(hex.uppercased())", "sha256:\(hex.dropLast())A", "SHA256:\(hex)",
        "sha256:\(hex.dropLast())g", "sha256:", "sha256", hex, ":\(hex)", "sha256::\(hex)", "sha256:sha256:\(hex)", "sha256-\(hex)",
        "sha256:\(hex.dropLast(32))", "sha512:\(hex)", "sha256:\(hex)\(hex)", "sha384:\(hex)\(hex.prefix(32))", "sha1:\(hex.prefix(40))",
        "md5:\(hex.prefix(32))", "blake3:\(hex)", "sha256+b64u:\(hex)", "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
        "tarsum.v1+sha256:\(hex)", "tarsum+sha256:\(hex)", "sha256:%00\(hex.dropLast())", "sha256:\(hex)%00", "sha256:\(hex)%20",
        "%20sha256:\(hex)", "sha256:\(hex)%0a", "sha256:\(hex)%0d%0aX-Evil:%201", "sha256:..%2f..%2f..%2fetc%2fpasswd",
        "sha256:%2e%2e%2f%2e%2e%2f\(hex.prefix(58))", "sha256:..", "sha256%2f\(hex)", "sha256:\(hex.prefix(2))%2f\(hex.dropFirst(2))",
        "..%5c..%5cblobs", "sha256:%c0%ae%c0%ae", "sha256:%ef%bc%90\(hex.dropFirst())", "sha256:\(hex.prefix(62))%D9%A0",
        "sha256:*", "sha256:%25", "sha256:\(hex),sha256:\(hex)", "sha256:\(hex);", "sha256:-\(hex.dropFirst())",
        "sha256:+\(hex.dropFirst())", String(repeating: "a", count: 3000) + ":\(hex)", "sha256:\(String(repeating: hex, count: 60))",
    ]

    @Test("what is no digest names nothing, on every route that takes one in its path")
    func shapes() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let before = try await CatalogDump(server.database)
            let objects = try await StoreDump(world.store)
            for digest in Self.malformed {
                for (head, body) in [
                    ("GET /v2/alice/private/blobs/\(digest)", nil), ("HEAD /v2/alice/private/blobs/\(digest)", nil),
                    ("GET /v2/alice/private/referrers/\(digest)", nil), ("DELETE /v2/alice/private/blobs/\(digest)", []),
                ] as [(String, [UInt8]?)] {
                    let answer = try await alice.send(head, [], body)
                    #expect([400, 404, 414].contains(answer.code), "\(head.prefix(200)): \(answer.status) \(answer.text)")
                    #expect(!answer.fields.contains { $0.hasPrefix("X-Evil") } && !answer.text.contains("root:"))
                    if !head.contains("%"), !head.hasPrefix("HEAD"), digest.count < 2000 {
                        let isRefused = answer.code == 400 && answer.text.contains(#""code":"DIGEST_INVALID""#)
                        #expect(isRefused, "\(head): \(answer.status) \(answer.text)")
                    }
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            #expect(objects.difference(to: try await StoreDump(world.store)).isEmpty)
        }
    }

    @Test("an upload is not finished by what is no digest, and mounts and whole blobs are not begun")
    func uploads() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let objects = try await StoreDump(world.store)
            for digest in Self.malformed where digest.count < 2000 {
                let location = try await alice.begin(in: "alice/private")
                for (head, body) in [
                    ("PUT \(location)?digest=\(digest)", ""), ("POST /v2/alice/private/blobs/uploads/?digest=\(digest)", "some bytes"),
                    ("POST /v2/alice/private/blobs/uploads/?mount=\(digest)&from=alice/public", ""),
                ] {
                    let answer = try await alice.expect(400, head, [], Array(body.utf8))
                    #expect(!answer.fields.contains { $0.hasPrefix("X-Evil") }, "\(head)")
                }
                _ = try await alice.send("DELETE \(location)", [], [])
            }
            try await alice.expect(400, "PUT \(try await alice.begin(in: "alice/private"))", [], [])
            let after = try await StoreDump(world.store)
            let blobs = after.objects.keys.filter { objects.objects[$0] == nil && "\($0)".hasPrefix("blobs") }
            #expect(blobs.isEmpty, "\(blobs)")
        }
    }

    @Test("a manifest's reference that is no digest and no tag names nothing")
    func references() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let manifest = try world.repository("alice/private").content.unpushed
            let before = try await CatalogDump(server.database)
            for digest in Self.malformed where digest != "sha256" && digest != Self.hex && !digest.hasPrefix("sha256-") {
                for (head, body) in [
                    ("GET /v2/alice/private/manifests/\(digest)", nil), ("DELETE /v2/alice/private/manifests/\(digest)", ""),
                    ("PUT /v2/alice/private/manifests/\(digest)", manifest.text),
                ] {
                    let fields = body == nil ? [] : ["Content-Type: \(PlantedContent.indexType)"]
                    let answer = try await alice.send(head, fields, body.map { Array($0.utf8) })
                    #expect([400, 404, 414].contains(answer.code), "\(head.prefix(200)): \(answer.status)")
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("bytes under another digest are not taken, and nothing of them is there afterwards", arguments: ["sha256", "sha512"])
    func otherBytes(algorithm: String) async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let before = try await CatalogDump(server.database)
            let bytes = Array("the bytes that are sent\n".utf8)
            let wrong = NamedBytes("other bytes\n").digest
            let wrongLong = "sha512:\(Hex.encode(SHA512.hash(data: Array("other".utf8))))"
            // A sha512 name that begins with the right sha256.
            let mixed = "sha512:\(Hex.encode(SHA256.hash(data: bytes)))\(Hex.encode(SHA256.hash(data: bytes)))"
            for digest in [wrong.description, wrongLong, mixed] {
                for length in [0, 1, 10, bytes.count] {
                    let location = try DistributionClient.location(
                        of: try await alice.expect(202, "POST /v2/alice/private/blobs/uploads/?digest-algorithm=\(algorithm)", [], []))
                    if length > 0 { try await alice.append(Array(bytes[..<length]), to: location) }
                    let answer = try await alice.expect(400, "PUT \(location)?digest=\(digest)", [], Array(bytes[length...]))
                    #expect(answer.text.contains(#""code":"DIGEST_INVALID""#), "\(answer.text)")
                    try await alice.expect(404, "GET \(location)")
                    try await alice.expect(404, "GET /v2/alice/private/blobs/\(digest)")
                    try await alice.expect(404, "GET /v2/alice/private/blobs/\(NamedBytes(bytes).digest)")
                }
                try await alice.expect(400, "POST /v2/alice/private/blobs/uploads/?digest=\(digest)", [], bytes)
            }
            let manifest = try world.repository("alice/private").content.unpushed
            for digest in [wrong.description, wrongLong, NamedBytes(manifest.bytes + [10]).digest.description] {
                let answer = try await alice.expect(
                    400, "PUT /v2/alice/private/manifests/\(digest)?tag=x", ["Content-Type: \(PlantedContent.indexType)"], manifest.bytes)
                #expect(answer.text.contains(#""code":"DIGEST_INVALID""#), "\(answer.text)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("a digest that is said twice, or twice differently, is not honoured by halves")
    func twice() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            let good = NamedBytes("twice\n")
            let bad = PermissionWorld.nowhere.digest
            for query in ["?digest=\(good.digest)&digest=\(bad)", "?digest=\(bad)&digest=\(good.digest)"] {
                let location = try await alice.begin(in: "alice/private")
                try await alice.append(good.bytes, to: location)
                let answer = try await alice.send("PUT \(location)\(query)", [], [])
                #expect([201, 400].contains(answer.code), "\(answer.status)")
                try await alice.expect(404, "GET /v2/alice/private/blobs/\(bad)")
            }
        }
    }

    @Test("sha512 is honoured as sha256 is, and the two names of one content are two")
    func sha512() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let bytes = Array("bytes with a long name\n".utf8)
            let short = NamedBytes(bytes).digest
            let long = "sha512:\(Hex.encode(SHA512.hash(data: bytes)))"
            try await alice.expect(201, "POST /v2/alice/private/blobs/uploads/?digest=\(long)", [], bytes)
            let answer = try await alice.expect(200, "GET /v2/alice/private/blobs/\(long)")
            #expect(answer.body == bytes && answer.values(of: "docker-content-digest") == [long])
            try await alice.expect(404, "GET /v2/alice/private/blobs/\(short)")
            // Begun without saying so, and said only at the end.
            let location = try await alice.begin(in: "alice/other")
            try await alice.append(bytes, to: location)
            try await alice.expect(201, "PUT \(location)?digest=\(long)", [], [])
            #expect(try await alice.expect(200, "GET /v2/alice/other/blobs/\(long)").body == bytes)
            for algorithm in ["md5", "sha1", "SHA512", "", "sha512/../x", "sha-512"] {
                try await alice.expect(400, "POST /v2/alice/private/blobs/uploads/?digest-algorithm=\(algorithm)", [], [])
            }
            let manifest = try world.repository("alice/private").content.unpushed
            let name = "sha512:\(Hex.encode(SHA512.hash(data: manifest.bytes)))"
            let put = try await alice.expect(
                201, "PUT /v2/alice/private/manifests/\(name)", ["Content-Type: \(PlantedContent.indexType)"], manifest.bytes)
            #expect(put.values(of: "docker-content-digest") == [name])
            let got = try await alice.expect(200, "GET /v2/alice/private/manifests/\(name)")
            #expect(got.body == manifest.bytes && got.values(of: "docker-content-digest") == [name])
        }
    }

    @Test("a body that is cut off is not a shorter one")
    func cutOff() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            let part = NamedBytes("the first half, ")
            let location = try await alice.begin(in: "alice/private")
            for head in [
                "PUT \(location)?digest=\(part.digest)", "POST /v2/alice/private/blobs/uploads/?digest=\(part.digest)",
                "PUT /v2/alice/private/manifests/cut",
            ] {
                let connection = try await RawHTTP.begin(
                    head, [PermissionWorld.basic("alice"), "Content-Length: \(part.bytes.count * 2)"], part.bytes, port: server.port)
                connection.endSending()
                let answer = Received(try await connection.receiveAll())
                #expect(answer.code == 0 || answer.code >= 400, "\(head): \(answer.status)")
                try await alice.expect(404, "GET /v2/alice/private/blobs/\(part.digest)")
            }
        }
    }
}
