import ImageModel
import Testing

/// field.md §4.2, class K: a manifest that two readers could read in two ways is not taken (CVE-2021-41190).
@Suite("Class K: ambiguous manifests")
struct ManifestAmbiguityTests {
    private static let image = PlantedContent.imageType
    private static let index = PlantedContent.indexType
    private static let docker = "application/vnd.docker.distribution.manifest.v2+json"
    private static let dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"

    /// With `CONFIG`, `LAYER` and `MANIFEST` for descriptors of what is there.
    static let refused: [(name: String, type: String?, body: String)] = [
        ("layers and manifests", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"manifests":[]}"#),
        ("manifests and layers", index, #"{"schemaVersion":2,"mediaType":"\#(index)","manifests":[MANIFEST],"layers":[]}"#),
        ("manifests and config", index, #"{"schemaVersion":2,"mediaType":"\#(index)","manifests":[MANIFEST],"config":CONFIG}"#),
        ("both, without mediaType", image, #"{"schemaVersion":2,"config":CONFIG,"layers":[LAYER],"manifests":[MANIFEST]}"#),
        ("both, without any type", nil, #"{"schemaVersion":2,"config":CONFIG,"layers":[LAYER],"manifests":[MANIFEST]}"#),
        ("an image as an index", index, #"{"schemaVersion":2,"config":CONFIG,"layers":[LAYER]}"#),
        ("an index as an image", image, #"{"schemaVersion":2,"manifests":[MANIFEST]}"#),
        ("another mediaType", image, #"{"schemaVersion":2,"mediaType":"\#(docker)","config":CONFIG,"layers":[LAYER]}"#),
        ("the other kind's mediaType", image, #"{"schemaVersion":2,"mediaType":"\#(index)","config":CONFIG,"layers":[LAYER]}"#),
        ("another mediaType of indexes", dockerList, #"{"schemaVersion":2,"mediaType":"\#(index)","manifests":[]}"#),
        ("mediaType is no string", image, #"{"schemaVersion":2,"mediaType":7,"config":CONFIG,"layers":[LAYER]}"#),
        ("layers twice", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"layers":[]}"#),
        ("mediaType twice", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[],"mediaType":"\#(index)"}"#),
        (
            "a key twice, once escaped", image,
            #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"\u006cayers":[]}"#
        ),
        ("a digest twice", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[TWICE]}"#),
        (
            "an annotation twice", image,
            #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[],"annotations":{"a":"1","a":"2"}}"#
        ),
        ("Layers", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"Layers":[]}"#),
        ("LAYERS alone", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"LAYERS":[LAYER]}"#),
        ("Manifests", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"Manifests":[MANIFEST]}"#),
        ("mediatype", image, #"{"schemaVersion":2,"mediaType":"\#(image)","mediatype":"\#(index)","config":CONFIG,"layers":[LAYER]}"#),
        ("Subject", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"Subject":MANIFEST}"#),
        ("a long s", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER],"layerſ":[]}"#),
        ("no schemaVersion", image, #"{"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#),
        ("schemaVersion 1", image, #"{"schemaVersion":1,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#),
        ("schemaVersion 3", image, #"{"schemaVersion":3,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#),
        ("schemaVersion as text", image, #"{"schemaVersion":"2","mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#),
        ("schemaVersion 2.5", image, #"{"schemaVersion":2.5,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#),
        ("no config", image, #"{"schemaVersion":2,"mediaType":"\#(image)","layers":[LAYER]}"#),
        ("config is a list", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":[CONFIG],"layers":[LAYER]}"#),
        ("layers is an object", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":{"0":LAYER}}"#),
        ("layers of nothing", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[null]}"#),
        ("subject is text", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[],"subject":"MDIGEST"}"#),
        ("annotations is a list", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[],"annotations":["a"]}"#),
        (
            "an annotation is a number", image,
            #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[],"annotations":{"a":1}}"#
        ),
        ("something after the end", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]} {}"#),
        ("a NUL after the end", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"# + "\u{0}"),
        (
            "a mark before the beginning", image,
            "\u{FEFF}" + #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#
        ),
        ("a comment", image, #"{"schemaVersion":2,/* */"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]}"#),
        ("a comma too many", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER,],}"#),
        ("not ended", image, #"{"schemaVersion":2,"mediaType":"\#(image)","config":CONFIG,"layers":[LAYER]"#),
        ("a list", image, #"[{"schemaVersion":2}]"#), ("text", image, #""{}""#), ("nothing", image, ""), ("null", image, "null"),
        ("an empty object", image, "{}"), ("an empty object of no type", nil, "{}"),
    ]

    /// Descriptors that are none, as a layer and as a child of an index.
    static let descriptors = [
        "DESC", #""DIGEST""#, #"{"mediaType":"a/b","size":1}"#, #"{"mediaType":"a/b","digest":"DIGEST"}"#,
        #"{"mediaType":"a/b","digest":"DIGEST","size":-1}"#, #"{"mediaType":"a/b","digest":"DIGEST","size":1.5}"#,
        #"{"mediaType":"a/b","digest":"DIGEST","size":"12"}"#, #"{"mediaType":"a/b","digest":"DIGEST","size":99999999999999999999}"#,
        #"{"mediaType":"a/b","digest":"DIGEST","size":1e400}"#, #"{"mediaType":"a/b","digest":"sha256:1234","size":1}"#,
        #"{"mediaType":"a/b","digest":"md5:d41d8cd98f00b204e9800998ecf8427e","size":1}"#, #"{"mediaType":"a/b","digest":"","size":1}"#,
        #"{"mediaType":"a/b","digest":"UPPER","size":1}"#, #"{"mediaType":"a/b","digest":" DIGEST","size":1}"#,
        #"{"mediaType":"a/b","digest":"DIGEST\u0000","size":1}"#, #"{"mediaType":"a/b","digest":"sha256:../../../../etc/passwd","size":1}"#,
        #"{"mediaType":7,"digest":"DIGEST","size":1}"#, #"{"digest":"DIGEST","size":1}"#, #"{"mediaType":"","digest":"DIGEST","size":1}"#,
        #"{"mediaType":"a/b","digest":"DIGEST","size":1,"Digest":"DIGEST"}"#, #"{"mediaType":"a/b","digest":"DIGEST","size":1,"urls":"x"}"#,
        #"{"mediaType":"a/b","digest":"DIGEST","size":4,"data":"bm90IGl0"}"#,
        #"{"mediaType":"a/b","digest":"DIGEST","size":1,"data":"%%%"}"#,
    ]

    private static func filled(_ body: String, _ content: PlantedContent) -> String {
        let layer = content.layer.descriptor(PlantedContent.layerType)
        return body.replacing("CONFIG", with: content.config.descriptor(PlantedContent.configType)).replacing("LAYER", with: layer)
            .replacing("MANIFEST", with: content.manifest.descriptor(image)).replacing("MDIGEST", with: content.manifest.digest.description)
            .replacing("TWICE", with: layer.dropLast() + #","digest":"\#(content.config.digest)"}"#)
            .replacing("DIGEST", with: content.layer.digest.description)
            .replacing("UPPER", with: "sha256:" + content.layer.digest.hex.uppercased())
    }

    @Test("none of them is taken, by tag or by digest, and nothing is left of them")
    func manifests() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            let before = try await CatalogDump(server.database)
            var bodies = Self.refused.map { ($0.name, $0.type, $0.body) }
            for descriptor in Self.descriptors {
                bodies.append(
                    (
                        "the layer \(descriptor)", Self.image,
                        #"{"schemaVersion":2,"mediaType":"\#(Self.image)","config":CONFIG,"layers":[\#(descriptor)]}"#
                    ))
                bodies.append(
                    (
                        "the config \(descriptor)", Self.image,
                        #"{"schemaVersion":2,"mediaType":"\#(Self.image)","config":\#(descriptor),"layers":[LAYER]}"#
                    ))
                bodies.append(
                    (
                        "the subject \(descriptor)", Self.image,
                        #"{"schemaVersion":2,"mediaType":"\#(Self.image)","config":CONFIG,"layers":[LAYER],"subject":\#(descriptor)}"#
                    ))
                bodies.append(
                    (
                        "the child \(descriptor)", Self.index,
                        #"{"schemaVersion":2,"mediaType":"\#(Self.index)","manifests":[\#(descriptor)]}"#
                    ))
            }
            for (name, type, body) in bodies {
                let manifest = NamedBytes(Self.filled(body, content))
                for reference in ["two", "fresh", manifest.digest.description] {
                    let answer = try await alice.send(
                        "PUT /v2/alice/private/manifests/\(reference)", type.map { ["Content-Type: \($0)"] } ?? [], manifest.bytes)
                    #expect(answer.code == 400, "\(name): \(answer.status) \(answer.text)")
                    #expect(answer.text.hasPrefix(#"{"errors":[{"code":"MANIFEST_INVALID","message":""#), "\(name): \(answer.text)")
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("bytes that are no UTF-8 are no manifest")
    func encodings() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            let text = content.manifest.text
            let broken: [[UInt8]] = [
                Array(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
                Array(text.dropLast().utf8) + Array(#","annotations":{"a":""#.utf8) + [0xC0, 0x80] + Array(#""}}"#.utf8),
                Array(text.dropLast().utf8) + Array(#","annotations":{"a":""#.utf8) + [0xFF] + Array(#""}}"#.utf8),
                Array(text.dropLast().utf8) + Array(#","annotations":{"a":""#.utf8) + [0x0A] + Array(#""}}"#.utf8),
            ]
            for bytes in broken {
                try await alice.expect(400, "PUT /v2/alice/private/manifests/fresh", ["Content-Type: \(Self.image)"], bytes)
            }
        }
    }

    @Test("bytes keep the type that they were first taken with")
    func laterType() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            let manifest = NamedBytes(Self.filled(#"{"schemaVersion":2,"config":CONFIG,"layers":[LAYER]}"#, content))
            try await alice.push(manifest, Self.image, to: "alice/private", as: "untyped")
            let path = "/v2/alice/private/manifests"
            for type in [Self.index, Self.dockerList, Self.docker, "text/html", "image/svg+xml", "application/x-other"] {
                for reference in ["untyped", "other", manifest.digest.description] {
                    let answer = try await alice.send("PUT \(path)/\(reference)", ["Content-Type: \(type)"], manifest.bytes)
                    #expect([400, 409].contains(answer.code), "\(type): \(answer.status) \(answer.text)")
                }
            }
            for reference in ["untyped", manifest.digest.description] {
                let answer = try await alice.expect(200, "GET \(path)/\(reference)")
                #expect(answer.values(of: "content-type") == [Self.image] && answer.body == manifest.bytes)
            }
            // The same bytes in another repository are taken as they are there.
            let other = try await alice.send("GET /v2/alice/public/manifests/\(manifest.digest)")
            #expect(other.code == 404)
        }
    }

    @Test("no manifest is a page that a browser would run")
    func activeTypes() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            for (index, type) in [
                "text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript", "text/plain",
                "application/pdf",
            ].enumerated() {
                let body = Self.filled(
                    #"{"schemaVersion":2,"config":CONFIG,"layers":[LAYER],"annotations":{"n":"\#(index)","a":"<script>go()</script>"}}"#,
                    content)
                let answer = try await alice.send("PUT /v2/alice/private/manifests/page", ["Content-Type: \(type)"], Array(body.utf8))
                guard answer.code == 201 else {
                    #expect(answer.code == 400, "\(type): \(answer.status)")
                    continue
                }
                let got = try await alice.expect(200, "GET /v2/alice/private/manifests/page")
                let isHarmless =
                    got.values(of: "x-content-type-options") == ["nosniff"]
                    && got.values(of: "content-security-policy").joined().contains("sandbox")
                #expect(isHarmless, "\(type) is served as \(got.values(of: "content-type"))")
            }
        }
    }

    @Test("a type that says nothing is none, and one that is sent twice neither")
    func contentTypes() async throws {
        try await BugWorld.lend { world, server in
            let content = try world.repository("alice/private").content
            let alice = DistributionClient.user("alice", server)
            let before = try await CatalogDump(server.database)
            for fields in [
                ["Content-Type: \(Self.image)", "Content-Type: \(Self.index)"], ["Content-Type: \(Self.image), \(Self.index)"],
                ["Content-Type: \(Self.image)/x"], ["Content-Type: x"], ["Content-Type: text/plain"],
                ["Content-Type: \(Self.index); charset=utf-8"], ["Content-Type: application/vnd.docker.distribution.manifest.v1+json"],
            ] {
                let answer = try await alice.send("PUT /v2/alice/private/manifests/fresh", fields, content.manifest.bytes)
                #expect(answer.code == 400, "\(fields): \(answer.status) \(answer.text)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            try await alice.expect(
                201, "PUT /v2/alice/private/manifests/fresh", ["Content-Type: \(Self.image); charset=utf-8"], content.manifest.bytes)
            let answer = try await alice.expect(200, "GET /v2/alice/private/manifests/fresh")
            #expect(answer.values(of: "content-type") == [Self.image])
        }
    }
}
