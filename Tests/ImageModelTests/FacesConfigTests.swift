import ImageModel
import Testing

@Suite("The config that a chain of v1 images becomes")
struct FacesConfigTests {
    private func document(_ links: (String, Digest?)...) throws(ConversionRefusal) -> String {
        Faces.text(try ImageConfig.document(of: links.map { V1ConfigLink(document: Array($0.0.utf8), diffID: $0.1) }))
    }

    @Test("is that of the protocol's example, byte for byte")
    func example() throws {
        let document = try document((Chain.base, Digest(Chain.baseDiff)), (Chain.top, Digest(Chain.topDiff)))
        #expect(document == Chain.config)
        #expect(document.utf8.count == 563)
        #expect(Digest.of(Array(document.utf8), .sha256).hex == Chain.imageID)
    }

    @Test("keeps every member of the topmost document but those of v1 alone, and the bytes of their values")
    func members() throws {
        let top = #"""
            { "id" : "x", "parent": null, "Size":3, "parent_id":"a", "layer_id":"b","throwaway":true, "rootfs":1, "history":[],
              "ID":"y", "siz\u0065":9, "rootf\u017f":{}, "tHROWAWAY":0,
              "zzz":[123456789012345678901234567890, -0.10 , 1e400, {"b":1, "a":"\ud83d\ude00 \/ \" \\"}],
              "\u00e9":"<&>", "e\u0301":null, "a\"\n<":true, "architecture":"s390x", "os":"plan9", "created":false,
              "x":"\#u{2028}\#u{2029}\#u{2027} "}

            """#
        #expect(
            try document((top, Faces.digest(0))) == #"{"a\"\n\u003c":true,"architecture":"s390x","created":false,"#
                + #""e\#u{301}":null,"history":[{"created":"0001-01-01T00:00:00Z"}],"os":"plan9","#
                + #""rootfs":{"type":"layers","diff_ids":["\#(Faces.digest(0))"]},"x":"\u2028\u2029\#u{2027} ","#
                + #""zzz":[123456789012345678901234567890,-0.10,1e400,{"b":1,"a":"\ud83d\ude00 \/ \" \\"}],"#
                + #""\#u{e9}":"\u003c\u0026\u003e"}"#)
    }

    @Test("names a platform where the topmost document does not", arguments: ["{}", #"{"os":"","architecture":null}"#, #"{"os":1}"#])
    func platform(top: String) throws {
        #expect(
            try document((top, nil))
                == #"{"architecture":"amd64","history":[{"created":"0001-01-01T00:00:00Z","empty_layer":true}],"#
                + #""os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#)
    }

    @Test("has a step for each image, and no layer for one that changes no file")
    func history() throws {
        let first =
            #"{"author":"A","comment":"c <d>","created":"2020-02-29T23:59:59.123456789+01:00","container_config":{"Cmd":["a","b c"]}}"#
        let document = try document((first, Faces.digest(0)), ("{}", nil), (#"{"comment":"","author":""}"#, nil), ("{}", Faces.digest(1)))
        #expect(
            document == #"{"architecture":"amd64","history":[{"created":"2020-02-29T23:59:59.123456789+01:00","author":"A","#
                + #""created_by":"a b c","comment":"c \u003cd\u003e"},{"created":"0001-01-01T00:00:00Z","empty_layer":true},"#
                + #"{"created":"0001-01-01T00:00:00Z","empty_layer":true},{"created":"0001-01-01T00:00:00Z"}],"#
                + #""os":"linux","rootfs":{"type":"layers","diff_ids":["#
                + #""\#(Faces.digest(0))","\#(Faces.digest(1))"]}}"#)
    }

    @Test(
        "leaves out of a step what cannot be read",
        arguments: [
            (#""container_config":{"Cmd":"make all"}"#, #","created_by":"make all""#),
            (#""container_config":{"Cmd":["a",1,null,["x"],"b"]}"#, #","created_by":"a b""#), (#""container_config":{"Cmd":7}"#, ""),
            (#""container_config":{"Cmd":null}"#, ""), (#""container_config":null"#, ""), (#""container_config":[]"#, ""),
            (#""container_config":"Cmd""#, ""), (#""author":1,"comment":{"a":1}"#, ""), (#""comment":["x"]"#, ""),
        ])
    func wrongTypes(member: String, step: String) throws {
        let document = try document(("{\(member)}", nil), ("{}", nil))
        #expect(document.contains(#""history":[{"created":"0001-01-01T00:00:00Z"\#(step),"empty_layer":true},"#), "\(document)")
    }

    @Test(
        "has a time that engines read, or that of the year 1",
        arguments: [
            ("2014-05-13T16:53:20Z", true), ("2014-05-13T16:53:20.000000001-23:59", true), ("0001-01-01T00:00:00Z", true),
            ("2016-02-29T00:00:00Z", true), ("1900-02-29T00:00:00Z", false), ("2014-02-29T00:00:00Z", false),
            ("2014-04-31T00:00:00Z", false), ("2014-13-01T00:00:00Z", false), ("2014-00-01T00:00:00Z", false),
            ("2014-05-00T00:00:00Z", false), ("2014-05-13T24:00:00Z", false), ("2014-05-13T23:60:00Z", false),
            ("2014-05-13T23:59:60Z", false), ("2014-05-13 16:53:20Z", false), ("2014-05-13T16:53:20", false),
            ("2014-05-13T16:53:20.Z", false), ("2014-05-13T16:53:20+1:00", false), ("2014-05-13T16:53:20+24:00", false),
            ("2014-05-13T16:53:20+01:60", false), ("2014-05-13T16:53:20Zx", false), ("2014-05-13T16:53:20+01:00x", false), ("", false),
            ("2014-05-13T16:53:20.\(String(repeating: "1", count: 60))Z", false),
        ])
    func times(created: String, isRead: Bool) throws {
        let document = try document((#"{"created":"\#(created)"}"#, nil))
        #expect(document.contains(#""history":[{"created":"\#(isRead ? created : "0001-01-01T00:00:00Z")","#), "\(document)")
    }

    @Test("is not made of documents that are no JSON objects, nor of none")
    func refuses() {
        for text in ["", "[]", "null", "{", "{} {}", #"{"a":1,"\u0061":2}"#, #"{"a":"\ud800"}"#, #"{"a":"# + nested(101) + "}"] {
            #expect(throws: ConversionRefusal.documentInvalid, "\(text.prefix(40))") { try document((text, nil)) }
            #expect(throws: ConversionRefusal.documentInvalid, "\(text.prefix(40))") { try document((text, nil), ("{}", nil)) }
        }
        #expect(throws: ConversionRefusal.documentInvalid) { try document() }
    }

    private func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
}
