import Foundation
import ImageModel
import Testing

@Suite("The v1 chain that a config becomes")
struct FacesV1ChainTests {
    private func chain(_ config: ImageConfig, _ hex: String) throws -> [[String?]] {
        try config.v1Chain(digest: #require(Digest("sha256:\(hex)"))).map { [$0.id.text, $0.parent?.text, Faces.text($0.document)] }
    }

    @Test("is that of the protocol's example")
    func example() throws {
        let base = "6bebb60506bcc81485e57cd53942d207ae8ac3d63a441e0980171c192d3efb66"
        let top =
            #"{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"container_config":{"Cmd":["/bin/sh","-c","#
            + #""touch /a \u0026\u0026 b"]},"created":"2014-05-13T16:53:21Z","docker_version":"1.9.1","#
            + #""id":"\#(Chain.imageID)","os":"linux","parent":"\#(base)"}"#
        #expect(
            try chain(Faces.config(Chain.config), Chain.imageID)
                == [[base, nil, #"{"id":"\#(base)"}"#], [Chain.imageID, base, top]])
    }

    @Test("has the ids and documents with which engine 1.10.3 pushed the same image")
    func engine() throws {
        let bytes = try Faces.file("docker-1.10.3.config.json")
        let digest = Digest.of(bytes, .sha256)
        let links = try ImageConfig(bytes).v1Chain(digest: digest)
        #expect(
            links.map(\.id.text) == [
                "0fce87d60022d219dce7a182e8c0fb0e8f7b332816f31e0180d1e271f06a638f",
                "9204c584a9f1298797d7448385b6110565a489a86bd66a91adf7deac54f604af",
                "2cd8d75b10d69233ee4d77cac804161716e84758d644864f9c881f58c627a0b1",
            ])
        #expect(links.map(\.parent) == [nil, links[0].id, links[1].id])
        let recording = try Faces.recording("v1.10.3-v1.txt")
        for link in links {
            let head = try #require(recording.range(of: "\nPUT /v1/images/\(link.id)/json HTTP/1.1\n"))
            let body = try #require(recording[head.upperBound...].range(of: "\n\n"))
            let pushed = recording[body.upperBound...].prefix { $0 != "\n" }
            #expect(Faces.text(link.document) == pushed)
        }
        #expect(links.map(\.document.count) == [73, 149, 885])
    }

    @Test("names the middle images by their layers alone: sha256 of the chain below and their diff id")
    func chainIDs() throws {
        let ids = try Faces.config("", layers: 3).v1Chain(digest: Faces.digest(9)).map(\.id.text)
        let second = Digest.of(Array("\(Faces.digest(0)) \(Faces.digest(1))".utf8), .sha256)
        #expect(ids == [Faces.digest(0).hex, second.hex, Faces.digest(9).hex])
        #expect(
            try Faces.config(#""author":"somebody""#, layers: 3).v1Chain(digest: Faces.digest(8)).map(\.id.text).dropLast()
                == ids.dropLast())
    }

    @Test("is one image for an image of one layer, and for one of none", arguments: [0, 1])
    func single(layers: Int) throws {
        let id = Faces.digest(9).hex
        let config = try Faces.config(#""history":[{}],"os":"linux","id":"a","parent":"b","Parent":"c","throwaway":true"#, layers: layers)
        #expect(try chain(config, id) == [[id, nil, #"{"id":"\#(id)","os":"linux"}"#]])
    }

    @Test("leaves out what belongs to the config or to Windows, and keeps all else")
    func top() throws {
        let config = try Faces.config(#""os.version":"10","os.features":[],"variant":"v7","n":1e999, "a":{ "b" : "<" }"#, layers: 1)
        let id = Faces.digest(9).hex
        #expect(try chain(config, id).first?[2] == #"{"a":{"b":"\u003c"},"id":"\#(id)","n":1e999,"variant":"v7"}"#)
    }

    @Test("is refused on a Windows base, and for a config whose digest is no sha256")
    func refuses() throws {
        let windows = try Faces.config(#"{"rootfs":{"type":"layers+base","base_layer":"windowsservercore","diff_ids":[]}}"#)
        #expect(throws: ConversionRefusal.windowsBase) { try windows.v1Chain(digest: Faces.digest(0)) }
        let config = try Faces.config("", layers: 1)
        #expect(throws: ConversionRefusal.notAnImage) { try config.v1Chain(digest: Digest.of([], .sha512)) }
    }
}

@Suite("A config that is read")
struct FacesConfigReadingTests {
    @Test("has layers, history, platform and time")
    func reads() throws {
        let config = try Faces.config(
            #"""
            "os":"linux","architecture":"arm64","created":"2020-01-01T00:00:00Z",
            "history":[{"created":"2020-01-01T00:00:00Z","created_by":"\u0061","author":"A","comment":"C"},{"empty_layer":true},
            {"created":"yesterday","created_by":1,"author":[],"comment":null,"empty_layer":"true"},7]
            """#, layers: 2)
        #expect(config.diffIDs == [Faces.digest(0), Faces.digest(1)])
        #expect(config.history.map(\.created) == ["2020-01-01T00:00:00Z", nil, nil, nil])
        #expect(config.history.map(\.createdBy) == ["a", nil, nil, nil])
        #expect(config.history.map(\.author) == ["A", nil, nil, nil])
        #expect(config.history.map(\.comment) == ["C", nil, nil, nil])
        #expect(config.history.map(\.isEmptyLayer) == [false, true, false, false])
        #expect([config.os, config.architecture, config.created] == ["linux", "arm64", "2020-01-01T00:00:00Z"])
    }

    @Test("need not have any of them but the file system", arguments: ["", #""history":null"#, #""history":{},"os":1,"created":null"#])
    func bare(members: String) throws {
        let config = try Faces.config(members, layers: 0)
        #expect(config.history == [])
        #expect([config.os, config.architecture, config.created] == [nil, nil, nil])
        #expect(try Faces.config(#"{"rootfs":{"diff_ids":null}}"#).diffIDs == [])
    }

    @Test("is refused with a reason")
    func refuses() {
        let id = Faces.digest(0)
        let cases: [(String, String)] = [
            ("", "is not valid JSON"), ("{", "is not valid JSON"), ("{}{}", "is not valid JSON"),
            ("[]", "is not a JSON object, or has more than 10000 members"),
            ("null", "is not a JSON object, or has more than 10000 members"), (#"{"a":"\udc00"}"#, "has text that is not valid Unicode"),
            (#"{"a":1,"a":2}"#, #"has the key "a" twice in one object"#),
            (#"{"a":[{"b":1,"b":2}]}"#, #"has the key "b" twice in one object"#),
            (String(repeating: "[", count: 500_000), "is nested too deeply"),
            (String(repeating: #"{"a":"#, count: 500_000), "is nested too deeply"),
            ("{}", "has no rootfs"), (#"{"rootfs":null}"#, "has no rootfs"), (#"{"RootFS":{"diff_ids":[]}}"#, "has no rootfs"),
            (#"{"rootfs":{}}"#, "has no list of diff_ids"), (#"{"rootfs":{"diff_ids":"\#(id)"}}"#, "has no list of diff_ids"),
            (#"{"rootfs":{"diff_ids":["\#(id)",null]}}"#, "has a diff_id that is no sha256 digest"),
            (#"{"rootfs":{"diff_ids":["\#(id.hex)"]}}"#, "has a diff_id that is no sha256 digest"),
            (#"{"rootfs":{"diff_ids":["\#(Digest.of([], .sha512))"]}}"#, "has a diff_id that is no sha256 digest"),
            (#"{"rootfs":{"diff_ids":[\#(list("\"\(id)\""))]}}"#, "has more than 10000 diff_ids"),
            (#"{"rootfs":{"diff_ids":[]},"history":[\#(list("{}"))]}"#, "has more than 10000 steps in its history"),
        ]
        let members = (0...9_999).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(throws: ConversionRefusal.configInvalid("has no rootfs")) { try Faces.config("{\(members)}") }
        #expect(throws: ConversionRefusal.configInvalid("is not a JSON object, or has more than 10000 members")) {
            try Faces.config("{\(members),\"x\":0}")
        }
        for (json, reason) in cases {
            #expect(throws: ConversionRefusal.configInvalid(reason), "\(json.prefix(60))") { try Faces.config(json) }
        }
    }

    private func list(_ element: String) -> String { Array(repeating: element, count: 10_001).joined(separator: ",") }

    @Test("that is not UTF-8 is refused")
    func unicode() {
        #expect(throws: ConversionRefusal.configInvalid("has text that is not valid Unicode")) {
            try ImageConfig(Array(#"{"a":""#.utf8) + [0xff] + Array(#""}"#.utf8))
        }
    }
}
