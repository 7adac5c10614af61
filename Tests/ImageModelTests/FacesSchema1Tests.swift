import ImageModel
import Testing

@Suite("The schema 1 entries that a config becomes")
struct FacesSchema1Tests {
    private func entries(_ config: ImageConfig, _ blobs: Digest...) throws(ConversionRefusal) -> [[String]] {
        try config.schema1Entries(blobSums: blobs).map { [$0.blobSum.description, Faces.text($0.document)] }
    }

    @Test("are those that distribution 2.8.2 makes of engine 1.10.3's config")
    func engine() throws {
        let config = try ImageConfig(Faces.file("docker-1.10.3.config.json"))
        let blobs = try [
            "sha256:53903f74bf4a2a9046608e595abac4809038ad70242a22a7da01d6d830528f5a",
            "sha256:7b7acbdc422d863b9b4b0b0ced3562c8360a39ce69355b37b8eb9decad2b1295",
            "sha256:e396ec5a3a912554ea0ac6a7896702664a2f98bbd5c25cc71e063c0c89811380",
        ].map { try #require(Digest($0)) }
        let payload = Schema1Manifest.payload(
            name: "wharf/three-v1-10-3", tag: "1.0", architecture: try #require(config.architecture),
            entries: try config.schema1Entries(blobSums: blobs))
        let made = try SignedDocument(Faces.file("docker-1.10.3.schema1.json"))
        #expect(Faces.text(payload) == Faces.text(made.payload))
        #expect(made.digest.description == "sha256:af46f0721ff501fbc4231dd556fba929d358dd60f4c1ed7d7f3d96e7a245a1ba")
    }

    @Test("are those that distribution 2.8.2 makes of a config with empty layers, escapes and members that nobody knows")
    func members() throws {
        let config = try ImageConfig(Faces.file("many-members.config.json"))
        let blobs = [Digest.of(Array("layer 0".utf8), .sha256), Digest.of(Array("layer 1".utf8), .sha256)]
        let payload = Schema1Manifest.payload(
            name: "o/full", tag: "t", architecture: "arm64", entries: try config.schema1Entries(blobSums: blobs))
        let made = try SignedDocument(Faces.file("many-members.schema1.json"))
        #expect(Faces.text(payload) == Faces.text(made.payload))
        #expect(made.digest.description == "sha256:b16e73286f0fa98b8d3c317717a2e96793585105188b9ca11b3a6bc51a94e291")
    }

    @Test("are those of the protocol's example")
    func example() throws {
        let base = "sha256:9bbb3410727e8b5be41fe7ca690249255d0262ede8975c3bc52e7cfe2159046e"
        let top = "sha256:521ef53850148c6b1aa6157aedcaba396929e531132b7a30c7e67cf5e1b2e21f"
        let baseID = "df8d10fb9bfba912afed6e4847ec18925273d738a5202d639ef5e7f360195cc7"
        let topID = "46ed1c5c26cca163e2b9b0794e63ed283564ab1c851027f00d1057eaee08f6fe"
        #expect(
            try entries(Faces.config(Chain.config), #require(Digest(base)), #require(Digest(top))) == [
                [
                    top,
                    #"{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"container_config":{"Cmd":["/bin/sh","-c","#
                        + #""touch /a \u0026\u0026 b"]},"created":"2014-05-13T16:53:21Z","docker_version":"1.9.1","#
                        + #""id":"\#(topID)","os":"linux","parent":"\#(baseID)"}"#,
                ],
                [
                    base,
                    #"{"id":"\#(baseID)","created":"2014-05-13T16:53:20Z","#
                        + ##""container_config":{"Cmd":["/bin/sh -c #(nop) ADD file:x in /"]}}"##,
                ],
            ])
    }

    /// The id of an entry that is not the topmost.
    private func id(_ blob: Digest, _ parent: String) -> String { Digest.of(Array("\(blob.hex) \(parent)".utf8), .sha256).hex }

    @Test(
        "are made up, one for each layer, when the history does not fit them",
        arguments: [
            "", #""history":null"#, #""history":[]"#, #""history":[{}]"#, #""history":[{"created_by":"x"},{},{}]"#,
            #""history":[{},{"empty_layer":true}]"#, #""history":[{},{},{"empty_layer":"true"}]"#,
        ])
    func madeUp(history: String) throws {
        let (a, b) = (Faces.digest(10), Faces.digest(11))
        let config = try Faces.config(#""created":"2020-01-01T00:00:00Z""# + (history.isEmpty ? "" : ",\(history)"), layers: 2)
        let base = id(a, "")
        let top = Digest.of(Array("\(b.hex) \(base) ".utf8) + config.bytes, .sha256).hex
        #expect(
            try entries(config, a, b) == [
                [b.description, #"{"created":"2020-01-01T00:00:00Z","id":"\#(top)","parent":"\#(base)"}"#],
                [a.description, #"{"id":"\#(base)","created":"2020-01-01T00:00:00Z","container_config":{"Cmd":[""]}}"#],
            ])
    }

    @Test("have the empty layer alone for an image without layers", arguments: ["", #""history":[{"empty_layer":true}]"#])
    func noLayers(history: String) throws {
        let config = try Faces.config(history, layers: 0)
        let id = Digest.of(Array("\(EmptyLayer.digest.hex)  ".utf8) + config.bytes, .sha256).hex
        #expect(try entries(config) == [[EmptyLayer.digest.description, #"{"id":"\#(id)","throwaway":true}"#]])
    }

    @Test("have a Windows base below them whose id is made of its name")
    func windows() throws {
        let config = try Faces.config(
            #"{"history":[{},{}],"rootfs":{"type":"layers+base","base_layer":"windowsservercore","#
                + #""diff_ids":["\#(Faces.digest(0))","\#(Faces.digest(1))"]}}"#)
        let entries = try entries(config, Faces.digest(10), Faces.digest(11))
        let parent = "85b31ac54d161602ea1f2a8feffb7193cc7fcd6dcf93d418c6a00d6f8670aeae"
        #expect(
            entries.last?.last == #"{"id":"\#(id(Faces.digest(10), ""))","parent":"\#(parent)","created":"0001-01-01T00:00:00Z","#
                + #""container_config":{"Cmd":[""]}}"#)
    }

    @Test("are refused unless there is a layer for each diff id")
    func refuses() throws {
        let config = try Faces.config("", layers: 2)
        #expect(throws: ConversionRefusal.layerCountDiffers(layers: 1, diffIDs: 2)) {
            try config.schema1Entries(blobSums: [Faces.digest(0)])
        }
    }

    @Test("make a chain, as they stand and when they are read again", arguments: [1, 3, 40])
    func chain(layers: Int) throws {
        let entries = try Faces.config(#""os":"linux\u0000é\u2028""#, layers: layers).schema1Entries(
            blobSums: (0..<layers).map(Faces.digest))
        let payload = Schema1Manifest.payload(name: "a/\"b\"", tag: "<t>", architecture: "é", entries: entries)
        let manifest = try Schema1Manifest(payload: payload)
        #expect([manifest.name, manifest.tag, manifest.architecture] == ["a/\"b\"", "<t>", "é"])
        #expect(manifest.entries == entries)
        #expect(manifest.chain == entries.reversed())
    }

    @Test("name the empty layer by the digest of its 32 bytes")
    func emptyLayer() {
        #expect(EmptyLayer.blob.count == 32)
        #expect(EmptyLayer.digest.description == "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4")
        #expect(EmptyLayer.diffID.description == "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
    }
}
