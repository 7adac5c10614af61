import LayerArchive
import Testing

/// Tars as the tar writers of thirty years have written them. The sums come from an independent implementation (python3 with hashlib) that
/// is given what each member means, not its bytes.
@Suite("Tar formats")
struct TarFormatTests {
    @Test("GNU long names and links")
    func gnuLong() throws {
        let name = String(repeating: "d", count: 120) + "/" + String(repeating: "f", count: 30)
        let members: [TarMember] = [
            .gnuLong("L", name),
            TarMember(String(name.prefix(100)), "x") { $0.magic = .gnu },
            .gnuLong("K", String(repeating: "t", count: 130)),
            TarMember("short") {
                $0.type = UInt8(ascii: "2")
                $0.magic = .gnu
                $0.link = [UInt8](repeating: UInt8(ascii: "t"), count: 100)
            },
        ]
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:383badf0b3633bcc00d9258fb7a4ab36ce51d52491a613f221c68df467f880ea",
                "tarsum.v1+sha256:b61901a6aa0ac3260e14aca0e84add6d06e72f49db83c3286284d85a581b181b",
            ])
    }

    @Test("PAX records stand for header fields, extended attributes count in v1")
    func pax() throws {
        let members: [TarMember] = [
            .pax([
                ("path", [UInt8](repeating: UInt8(ascii: "p"), count: 300)), ("uid", Array("3000000".utf8)), ("gid", Array("4000000".utf8)),
                ("uname", Array("jörg".utf8)), ("gname", Array("gruppe".utf8)), ("mtime", Array("1400000000.999".utf8)),
                ("size", Array("5".utf8)), ("SCHILY.xattr.user.b", Array("2".utf8)), ("SCHILY.xattr.user.nl", Array("a\nb=c".utf8)),
                ("SCHILY.xattr.user.empty", []), ("SCHILY.xattr.user.a", Array("1".utf8)), ("comment", Array("none".utf8)),
            ]),
            TarMember("p", "hello") {
                $0.size = 0
                $0.mtime = 0
            },
            .pax([("linkpath", [UInt8](repeating: UInt8(ascii: "l"), count: 200)), ("mtime", Array("-1.5".utf8)), ("path", [])]),
            TarMember("link") {
                $0.type = UInt8(ascii: "2")
                $0.link = [UInt8](repeating: UInt8(ascii: "l"), count: 100)
            },
        ]
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:4e97c054185280fd748c789ccfa27fca26662141c6783322c056d496f85ad052",
                "tarsum.v1+sha256:eed405c359f84ebcb62206bbc4c7e9f75aac508e9a5f214bcaf7771ca92b65e5",
            ])
    }

    @Test("ustar's prefix is joined with a slash")
    func prefix() throws {
        let member = TarMember(String(repeating: "b", count: 90), "1") { $0.prefix = String(repeating: "a", count: 60) }
        #expect(
            try tarsums([member]) == [
                "tarsum+sha256:ab3b567160c208c5f13558bbe4d8b94c6b0381ecfd818868f9b773b59b2e3159",
                "tarsum.v1+sha256:2da70cf5670066f6b41cec2d74da6c147641cd84b9c228b0fc2b4fb122f05fff",
            ])
    }

    @Test("a prefix of digits is a prefix in ustar and in star, whose own is shorter")
    func digitsAsPrefix() throws {
        let ustar = TarMember("f", "1") { $0.prefix = "755" }
        let star = TarMember("f", "1") {
            $0.prefix = "755"
            $0.patches = [(476, Array("12345670123\u{0}12345670123\u{0}".utf8)), (508, Array("tar\u{0}".utf8))]
        }
        for member in [ustar, star] {
            #expect(try tarsums([member])[0] == "tarsum+sha256:c87a7ab0ca9406254767881f456ba0672ddec59051ed16cdfd438e54d540f363")
        }
    }

    @Test("a star prefix fills its field up to the times")
    func fullStarPrefix() throws {
        let member = TarMember("f") {
            $0.prefix = String(repeating: "p", count: 131)
            $0.patches = [(476, Array("12345670123 ".utf8)), (508, Array("tar\u{0}".utf8))]
        }
        let files = try read(tar([member]), LayerReader.Options(listsFiles: true)).files
        #expect(files?.map(\.path) == ["/" + String(repeating: "p", count: 131) + "/f"])
    }

    @Test("numbers in base-256, negative ones too")
    func base256() throws {
        let member = TarMember("big", "12345") {
            $0.magic = .gnu
            $0.isBinary = true
            $0.uid = 5_000_000
            $0.gid = -2
            $0.mtime = -1
        }
        #expect(
            try tarsums([member]) == [
                "tarsum+sha256:f59f6579c7125d766a3a9c736acccc53b488f60c1a2d4f37768d07e32bb63b26",
                "tarsum.v1+sha256:e5ba4bde9498c580074cfee78b165066e1b546dbe3263fe5e63e984d07194505",
            ])
    }

    @Test("a prefix under GNU's magic, as engines wrote it for large user ids")
    func enginePrefix() throws {
        let member = TarMember("file", "1") {
            $0.magic = .gnu
            $0.prefix = "some/dir"
            $0.isBinary = true
            $0.uid = 3_000_000
        }
        #expect(try tarsums([member])[0] == "tarsum+sha256:34f5e2d5e6ac9347c9b9d656c246e11dfe6ebc1546f1d33198fed18699fe422f")
    }

    @Test("GNU's times in the place of the prefix are no prefix")
    func gnuTimes() throws {
        let files = [TarMember("f", "1"), TarMember("after", "6")].map { member in
            var member = member
            member.magic = .gnu
            member.prefix = "12345670123\u{0}12345670123\u{0}"
            return member
        }
        #expect(
            try tarsums(files)[0] == "tarsum+sha256:5719335a5d23930097e1fc657dd237cb1b46a0df8c3fc189e4b7b4626e977b0e")
    }

    @Test("an old NUL type stays a NUL, and v7 knows no owner names")
    func v7() throws {
        let members = [TarMember("old", "body"), TarMember("olddir/")].map { member in
            var member = member
            member.type = 0
            member.magic = .v7
            member.uname = "ignored"
            member.prefix = "ignored"
            return member
        }
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:44153c54f9b843fd3238023613c00c1098d5247bc482a983b1485406b874b3da",
                "tarsum.v1+sha256:0d0d737d7cfaec08d1f57282fc3e76c1596663890611cf503c68c6bf96383330",
            ])
    }

    @Test("a global PAX header is passed over")
    func globalHeader() throws {
        let global = TarMember.pax([("path", Array("g".utf8)), ("comment", [UInt8](repeating: 65, count: 600))], type: UInt8(ascii: "g"))
        #expect(
            try tarsums([global, TarMember("f", "1")])[0]
                == "tarsum+sha256:3c329bca59aa096276455e7ee9eb9c3ad7e0ce62ae46dcd68e23267ed2d28c73")
    }

    @Test("links have no body whatever their size says, and only devices have device numbers")
    func linksAndDevices() throws {
        let members = [
            TarMember("f", "12345") { ($0.major, $0.minor) = (9, 9) },
            TarMember("hard") { ($0.type, $0.link, $0.size) = (UInt8(ascii: "1"), Array("f".utf8), 5) },
            TarMember("tty") { ($0.type, $0.major, $0.minor) = (UInt8(ascii: "3"), 4, 64) },
            TarMember("sda") { ($0.type, $0.major, $0.minor) = (UInt8(ascii: "4"), 8, 1) },
            TarMember("pipe") { $0.type = UInt8(ascii: "6") },
            TarMember("after", "6"),
        ]
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:4e0176dacea775953a038f927a782c9d98b952885ccdf7b7caddfb127fa4c77a",
                "tarsum.v1+sha256:dc9e6efc05767bd534f2b9347cb9464eb14a04697bcdcb59a12feaaffb6ca025",
            ])
    }

    @Test("an old GNU sparse file with its further maps does not put the reader out of step", arguments: pieces)
    func sparse(piece: Int) throws {
        let more = [UInt8](repeating: 0, count: 504) + [1] + [UInt8](repeating: 0, count: 7)
        let last = [UInt8](repeating: 0, count: 512)
        let holes = TarMember("holes", String(repeating: "s", count: 512)) {
            $0.type = UInt8(ascii: "S")
            $0.magic = .gnu
            $0.patches = [(482, [1])]
            $0.extensions = more + last
        }
        let contents = try read(tar([holes, TarMember("after", "6")]), piece: piece, LayerReader.Options(listsFiles: true))
        #expect(contents.tarsums.map(\.description) == ["tarsum+sha256:6819bbaee85f81866a20986442c5be97954805763fbd30ff71eef9091b121bbd"])
        #expect(contents.files?.map(\.path) == ["/holes", "/after"])
    }

    @Test("duplicates in a larger archive, paths compared clean")
    func duplicates() throws {
        let members = [
            ("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("./b", "5"), ("d/", ""), ("a", "6"), ("e", "7"), ("g//h", "8"), ("g/h", "9"),
        ].map { TarMember($0.0, $0.1) }
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:67248e664ccc9a31acde98185267a2474c4fccd3609a02daa3223ba4405c1778",
                "tarsum+sha256:14b7c5da9fe1b438610116dfe19c9db983d369ded23a4f202a93d7e6054dd164",
                "tarsum.v1+sha256:85d3430c78bc364e71b02c2d0b278bf3ecac6c64db90fa4e39aeabaff1a61eda",
            ])
    }

    @Test("four members of which two have one path: the insertion sort of engines stops early")
    func insertionSort() throws {
        let members = [("a", "1"), ("b", "3"), ("a", "3"), ("c", "1")].map { TarMember($0.0, $0.1) }
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:6aee0fba7b172f93d3806b7beb3391478ebd568d3f1b296fa3612eda8932272a",
                "tarsum+sha256:239f425ed583ad639865287d5a34665b4a39a4a5042f65c5cc334f9192c183ed",
                "tarsum.v1+sha256:0bc1c858b2442080301b4da3cdc525acd7af75c432aaf5f68f41545f7340847c",
            ])
    }

    @Test("duplicates in a small archive, in the order of an insertion sort")
    func fewDuplicates() throws {
        let members = [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("a", "5")].map { TarMember($0.0, $0.1) }
        #expect(
            try tarsums(members) == [
                "tarsum+sha256:8f34985aab122bec7ba2f9c7b93ba66df46f51aa3a37e47ea148f06e9209dfbf",
                "tarsum+sha256:494de3c3685ce6ce74df4bd9eeadd7a1381b9cc44a217bfcbacb0f34713436d4",
                "tarsum.v1+sha256:23fae99889daa1dd964bf963620a393dd75648740327ca2fbbcc4d4fbe267c47",
            ])
    }
}
