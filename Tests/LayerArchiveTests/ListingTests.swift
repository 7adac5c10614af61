import LayerArchive
import Testing

@Suite("Listings")
struct ListingTests {
    private static func files(_ members: [TarMember]) throws -> [LayerFile] {
        try #require(try read(tar(members), LayerReader.Options(tarsums: [], listsFiles: true)).files)
    }

    private static func json(_ members: [TarMember]) throws -> String {
        String(decoding: LayerListing.json(try files(members)), as: UTF8.self)
    }

    @Test("every kind of member has its letter")
    func kinds() throws {
        let types: [(UInt8, String)] = [
            (UInt8(ascii: "0"), "f"), (0, "f"), (UInt8(ascii: "1"), "l"), (UInt8(ascii: "2"), "s"), (UInt8(ascii: "3"), "c"),
            (UInt8(ascii: "4"), "b"), (UInt8(ascii: "5"), "d"), (UInt8(ascii: "6"), "i"), (UInt8(ascii: "7"), "t"),
            (UInt8(ascii: "S"), "S"), (UInt8(ascii: "V"), "u"),
        ]
        for (type, letter) in types {
            let member = TarMember("n") {
                ($0.type, $0.mode, $0.uid, $0.gid, $0.mtime) = (type, 0o4755, 1, 2, 3)
            }
            #expect(try Self.json([member]) == #"[["/n","\#(letter)",false,0,3,2541,1,2]]"#)
        }
        let oldDirectory = TarMember("old/") { ($0.type, $0.magic) = (0, .v7) }
        #expect(try Self.json([oldDirectory]) == #"[["/old","d",false,0,1400000000,420,0,0]]"#)
    }

    @Test("names are seen from the root of the layer")
    func names() throws {
        let names = ["./", "./etc/", "etc/passwd", "/usr//bin/./ls", "..//up", "a/../b", "."]
        #expect(try Self.files(names.map { TarMember($0) }).map(\.path) == ["/", "/etc", "/etc/passwd", "/usr/bin/ls", "/up", "/b", "/"])
    }

    @Test("whiteouts name what they delete, in any directory; the union's own records are dropped")
    func whiteouts() throws {
        let names = [
            "./.wh.root", "dir/.wh.sub", ".wh..wh.aufs", ".wh..wh.plnk/", ".wh..wh.plnk/123.456", "dir/.wh..wh..opq", ".wh.dir2/file",
            "a.wh.b", ".wh.",
        ]
        let files = try Self.files(names.map { TarMember($0) })
        #expect(files.map(\.path) == ["/root", "/dir/sub", "/.wh.dir2/file", "/a.wh.b", "/.wh."])
        #expect(files.map(\.isDeleted) == [true, true, false, false, false])
    }

    @Test("names that are no text for JSON are written so that they are")
    func awkwardNames() throws {
        var invalid = TarMember("")
        invalid.name = [0x66, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]
        let members = [TarMember("quote\"back\\slash"), TarMember("\u{1}\n\t\u{1f}\u{7f}"), TarMember("jörg/日本"), invalid]
        let expected = [
            #"[["/quote\"back\\slash","f",false,0,1400000000,420,0,0]"#,
            #"["/\u0001\u000a\u0009\u001f"# + "\u{7f}" + #"","f",false,0,1400000000,420,0,0]"#,
            #"["/jörg/日本","f",false,0,1400000000,420,0,0]"#,
            "[\"/f\u{fffd}\u{fffd}(\u{fffd}\u{fffd}\u{fffd}\",\"f\",false,0,1400000000,420,0,0]]",
        ]
        #expect(try Self.json(members) == expected.joined(separator: ","))
    }

    @Test("an empty layer has an empty list")
    func empty() throws {
        #expect(try Self.json([]) == "[]")
    }

    @Test("negative and large numbers")
    func numbers() throws {
        let member = TarMember("n") {
            ($0.magic, $0.isBinary, $0.uid, $0.gid, $0.mtime) = (.gnu, true, 1 << 40, -1, -86400)
        }
        #expect(try Self.json([member]) == #"[["/n","f",false,0,-86400,420,1099511627776,-1]]"#)
    }

    @Test("a diff tells what the nearest ancestor with the path says")
    func diff() throws {
        let top = try Self.files(["etc/.wh.gone", "etc/changed", "etc/again", "etc/new", "deep", "twice"].map { TarMember($0) })
        let middle = try Self.files(["etc/changed", "etc/.wh.again"].map { TarMember($0) })
        let base = try Self.files(["etc/gone", "etc/changed", "etc/again", "./deep", ".wh.twice", "twice"].map { TarMember($0) })
        var diff = LayerDiff(top)
        diff.compare(ancestor: middle)
        #expect(!diff.isComplete)
        diff.compare(ancestor: base)
        let line = "0,1400000000,420,0,0]"
        let expected =
            #"{"deleted":{"/etc/gone":["f",true,\#(line)},"#
            + #""changed":{"/deep":["f",false,\#(line),"/etc/changed":["f",false,\#(line),"/twice":["f",false,\#(line)},"#
            + #""created":{"/etc/again":["f",false,\#(line),"/etc/new":["f",false,\#(line)}}"#
        #expect(String(decoding: diff.json(), as: UTF8.self) == expected)
    }

    @Test("a diff without ancestors: all is created, and two spellings of one letter are two files")
    func baseDiff() throws {
        let diff = LayerDiff(try Self.files(["e\u{301}", "\u{e9}"].map { TarMember($0) }))
        let line = #"["f",false,0,1400000000,420,0,0]"#
        let expected = #"{"deleted":{},"changed":{},"created":{"/e"# + "\u{301}" + #"":\#(line),"/"# + "\u{e9}" + #"":\#(line)}}"#
        #expect(Array(String(decoding: diff.json(), as: UTF8.self).utf8) == Array(expected.utf8))
        #expect(LayerDiff([]).isComplete)
        #expect(String(decoding: LayerDiff([]).json(), as: UTF8.self) == #"{"deleted":{},"changed":{},"created":{}}"#)
    }
}
