import ImageModel
import Testing

/// field.md §4.2, class D: that bytes are stored once does not show them to whom they were not given.
@Suite("Class D: content through mounts, digests and conditions")
struct ContentLeakTests {
    /// What stan asks about a digest, in his own repository and elsewhere; `DIGEST` is the digest.
    static let questions: [(head: String, fields: [String], body: String?)] = [
        ("HEAD /v2/stan/own/blobs/DIGEST", [], nil), ("GET /v2/stan/own/blobs/DIGEST", [], nil),
        ("GET /v2/alice/public/blobs/DIGEST", [], nil), ("GET /v2/alice/private/blobs/DIGEST", [], nil),
        ("GET /v2/alice/absent/blobs/DIGEST", [], nil), ("GET /v2/base/blobs/DIGEST", [], nil),
        ("GET /v2/stan/own/blobs/DIGEST", ["Range: bytes=0-0"], nil), ("GET /v2/stan/own/blobs/DIGEST", ["If-None-Match: \"DIGEST\""], nil),
        ("GET /v2/alice/private/blobs/DIGEST", ["If-None-Match: \"DIGEST\""], nil),
        ("GET /v2/alice/private/blobs/DIGEST", ["If-None-Match: *"], nil), ("GET /v2/stan/own/blobs/DIGEST", ["If-None-Match: *"], nil),
        ("GET /v2/alice/private/blobs/DIGEST", ["If-Match: \"other\""], nil),
        ("GET /v2/stan/own/blobs/DIGEST", ["If-Range: \"DIGEST\"", "Range: bytes=1-2"], nil),
        ("GET /v2/stan/own/manifests/DIGEST", [], nil), ("GET /v2/alice/private/manifests/DIGEST", [], nil),
        ("GET /v2/alice/private/manifests/DIGEST", ["If-None-Match: \"DIGEST\""], nil),
        ("GET /v2/stan/own/manifests/DIGEST", ["If-None-Match: \"DIGEST\""], nil), ("GET /v2/stan/own/referrers/DIGEST", [], nil),
        ("GET /v2/alice/private/referrers/DIGEST", [], nil), ("DELETE /v2/stan/own/blobs/DIGEST", [], ""),
        ("DELETE /v2/stan/own/manifests/DIGEST", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=alice/private", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=alice%2Fprivate", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?from=alice/private&mount=DIGEST", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST", [], ""), ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=stan/own", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=alice/public", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=alice/public&from=alice/private", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=library/../alice/private", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=/alice/private", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=Alice/private", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=~stan", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?mount=DIGEST&from=alice/*", [], ""),
        ("POST /v2/stan/own/blobs/uploads/?digest=DIGEST", [], ""),
    ]

    @Test(
        "a stranger finds nothing out about a blob or manifest of a private repository", arguments: ["layer", "config", "manifest", "v1"])
    func stranger(part: String) async throws {
        try await BugWorld.lend { world, server in
            let stan = DistributionClient.user("stan", server)
            let closed = try world.repository("alice/private")
            let digest =
                switch part {
                case "layer": closed.content.layer.digest
                case "config": closed.content.config.digest
                case "manifest": closed.content.manifest.digest
                default: NamedBytes(closed.image.layer).digest
                }
            for (head, fields, body) in Self.questions {
                let answers = try await [digest, PermissionWorld.nowhere.digest].asyncMap { digest in
                    let answer = try await stan.send(
                        head.replacing("DIGEST", with: digest.description),
                        fields.map { $0.replacing("DIGEST", with: digest.description) }, body.map { Array($0.utf8) })
                    #expect(![200, 201, 206, 304].contains(answer.code) || head.contains("/referrers/"), "\(head): \(answer.status)")
                    return answer.comparable(without: [digest.description])
                }
                #expect(answers[0] == answers[1], "\(head) \(fields)")
                let found = try await stan.send("HEAD /v2/stan/own/blobs/\(digest)")
                #expect(found.code == 404, "after \(head): \(found.status)")
            }
        }
    }

    @Test("naming a foreign blob or manifest in one's own manifest brings it to nobody")
    func named() async throws {
        try await BugWorld.lend { world, server in
            let stan = DistributionClient.user("stan", server)
            let own = try world.repository("stan/own").content
            let closed = try world.repository("alice/private").content
            let before = try await CatalogDump(server.database)
            for (foreign, nowhere) in [(closed.layer, PermissionWorld.nowhere), (closed.manifest, PermissionWorld.nowhere)] {
                var answers: [[String]] = []
                for bytes in [foreign, nowhere] {
                    let image = NamedBytes(PlantedContent.image(own.config, [own.layer, bytes]))
                    let index = NamedBytes(
                        #"{"schemaVersion":2,"mediaType":"\#(PlantedContent.indexType)","manifests":["#
                            + #"\#(bytes.descriptor(PlantedContent.imageType))]}"#)
                    let config = NamedBytes(PlantedContent.image(bytes, [own.layer]))
                    for (manifest, type) in [
                        (image, PlantedContent.imageType), (index, PlantedContent.indexType), (config, PlantedContent.imageType),
                    ] {
                        let answer = try await stan.expect(
                            404, "PUT /v2/stan/own/manifests/stolen", ["Content-Type: \(type)"], manifest.bytes)
                        #expect(answer.text.contains("MANIFEST_BLOB_UNKNOWN"))
                        answers.append(answer.comparable(without: [bytes.digest.description]))
                    }
                }
                #expect(answers[0] == answers[3] && answers[1] == answers[4] && answers[2] == answers[5])
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("a referrer in one repository is none in another, and its subject is not thereby there")
    func subjects() async throws {
        try await BugWorld.lend { world, server in
            let stan = DistributionClient.user("stan", server)
            let alice = DistributionClient.user("alice", server)
            let own = try world.repository("stan/own").content
            let closed = try world.repository("alice/private").content
            let subject = #","subject":\#(closed.manifest.descriptor(PlantedContent.imageType))"#
            let referrer = NamedBytes(PlantedContent.image(own.config, [own.layer], more: subject))
            let answer = try await stan.expect(
                201, "PUT /v2/stan/own/manifests/\(referrer.digest)", ["Content-Type: \(PlantedContent.imageType)"], referrer.bytes)
            #expect(answer.values(of: "oci-subject") == [closed.manifest.digest.description])
            for path in ["manifests", "blobs"] {
                try await stan.expect(404, "GET /v2/stan/own/\(path)/\(closed.manifest.digest)")
            }
            let seen = try await alice.expect(200, "GET /v2/alice/private/referrers/\(closed.manifest.digest)").text
            #expect(!seen.contains(referrer.digest.description) && seen.contains(closed.referrer.digest.description))
            let mine = try await stan.expect(200, "GET /v2/stan/own/referrers/\(closed.manifest.digest)").text
            #expect(mine.contains(referrer.digest.description) && !mine.contains(closed.referrer.digest.description))
        }
    }

    @Test("what one does not have one does not get by saying its digest over other bytes, or over none")
    func claimed() async throws {
        try await BugWorld.lend { world, server in
            let stan = DistributionClient.user("stan", server)
            let layer = try world.repository("alice/private").content.layer
            for bytes in [[], Array("other bytes".utf8), Array(layer.bytes.dropLast()), layer.bytes + [0]] {
                let location = try await stan.begin(in: "stan/own")
                if !bytes.isEmpty { try await stan.append(bytes, to: location) }
                let answer = try await stan.expect(400, "PUT \(location)?digest=\(layer.digest)", [], [])
                #expect(answer.text.contains("DIGEST_INVALID"), "\(answer.text)")
                try await stan.expect(400, "POST /v2/stan/own/blobs/uploads/?digest=\(layer.digest)", [], bytes)
                try await stan.expect(404, "HEAD /v2/stan/own/blobs/\(layer.digest)")
            }
            // Who has the bytes has them, and the other repository's are not touched by what happens to one's own.
            try await stan.push(layer, to: "stan/own")
            try await stan.expect(202, "DELETE /v2/stan/own/blobs/\(layer.digest)", [], [])
            try await stan.expect(404, "GET /v2/stan/own/blobs/\(layer.digest)")
            let alice = DistributionClient.user("alice", server)
            #expect(try await alice.expect(200, "GET /v2/alice/private/blobs/\(layer.digest)").body == layer.bytes)
        }
    }

    @Test("a token mounts from where it may pull, and from nowhere else, whatever its holder may")
    func mounts() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let layer = try world.repository("alice/private").content.layer.digest
            let target = "repository:alice/other:pull,push"
            let head = "POST /v2/alice/other/blobs/uploads/?mount=\(layer)"
            for scopes in [
                [target], [target, "repository:alice/private:delete"],
                [target, "repository:alice/public:pull"], [target, "registry:catalog:*"], [target, "repository:alice/privat:pull"],
            ] {
                let client = try await alice.bearing(scopes)
                for from in ["&from=alice/private", ""] {
                    try await client.expect(202, head + from, [], [])
                    try await client.expect(404, "HEAD /v2/alice/other/blobs/\(layer)")
                }
            }
            let both = try await alice.bearing(["repository:alice/private:pull", target])
            try await both.expect(201, head + "&from=alice/private", [], [])
            try await both.expect(200, "HEAD /v2/alice/other/blobs/\(layer)")
            let readOnly = try await alice.bearing(["repository:alice/private:pull", "repository:alice/other:pull"])
            let refused = try await readOnly.expect(401, head + "&from=alice/private", [], [])
            #expect(refused.values(of: "www-authenticate").first?.contains("insufficient_scope") == true)
        }
    }

    @Test("a key for one repository mounts nothing from another")
    func limitedKey() async throws {
        try await BugWorld.lend { world, server in
            let layer = try world.repository("alice/private").content.layer.digest
            let key = DistributionClient(server, [AccountsServer.basic("alice", try #require(world.keys[.keyForAnother]))])
            for from in ["&from=alice/private", ""] {
                try await key.expect(202, "POST /v2/alice/other/blobs/uploads/?mount=\(layer)\(from)", [], [])
                try await key.expect(404, "HEAD /v2/alice/other/blobs/\(layer)")
            }
        }
    }
}
