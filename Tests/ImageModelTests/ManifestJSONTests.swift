import ImageModel
import Testing

@Suite("A manifest's JSON is read strictly")
struct ManifestJSONTests {
    @Test("what is no object", arguments: ["[]", "1", "\"x\"", "null", "true", "-1.5e+3"])
    func noObject(json: String) {
        #expect(Samples.refusal(json) == .notAnObject)
    }

    @Test(
        "what is no JSON, as a document",
        arguments: [
            "", " ", "{", "}", "{}{}", "{} x", "[1", "nul", "\u{feff}{}", "{\"a\":1", "{\"a\"", "{\"a", "{,}", "{1:2}", "{'a':1}", "{a:1}",
            "//\n{}",
        ])
    func noDocument(json: String) {
        #expect(Samples.refusal(json) == .notJSON)
    }

    @Test(
        "what is no JSON, as a value of an unknown field",
        arguments: [
            "", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "1 2", "NaN", "-Infinity", "tru", "truex", "True", "[1,]", "[,1]", "[1 2]",
            "[1}", "{\"a\":1,}",
            "{\"a\" 1}", "{\"a\":}", "{\"a\":1]", "'x'", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\uD800\\n\\u\"x", "\"a\nb\"",
            "\"a\tb\"", "\"\u{0}\"", "\"\\",
            "\"\\u\"", "\"",
        ])
    func noValue(value: String) {
        #expect(Samples.refusal(Samples.image("\"x\":\(value)")) != nil)
        #expect(Samples.refusal(Samples.image("\"x\":[\(value),\"a\"]")) != nil)
    }

    @Test(
        "every kind of value may stand in an unknown field",
        arguments: [
            "0", "-0", "1e3", "1E-3", "-1.50e+10", "1e99999", "123456789012345678901234567890", "true", "false", "null", "\"\"", "[]", "{}",
            " [ 1 , [ ] , { } ] ",
            "\t{\r\n\"a\" : { \"b\" : [ null ] } , \"c\" : \"\" } ", #""\"\\\/\b\f\n\r\t\u0000\u00e9\uD834\uDD1E""#, "\"é𝄞\u{7f}\u{2028}\"",
            #"{"a":{"a":1},"b":{"a":1}}"#, #"[{"a":1},{"a":1}]"#,
        ])
    func values(value: String) {
        #expect(Samples.refusal(Samples.image("\"x\":\(value)")) == nil)
    }

    @Test(
        "a key twice in one object, at every level and however it is escaped",
        arguments: [
            (#"{"schemaVersion":2,"manifests":[],"manifests":[]}"#, "manifests"),
            (#"{"schemaVersion":2,"layers":[],"\u006cayers":[]}"#, "layers"),
            (#"{"\u0073chemaVersion":2,"schemaVersion":2}"#, "schemaVersion"),
            (Samples.image(#""x":1"#, #""x":2"#), "x"),
            (Samples.image(#""é":1"#, #""\u00e9":2"#), "é"),
            (Samples.image(#""\uD834\udd1e":1"#, #""𝄞":2"#), "𝄞"),
            (Samples.image(#""":1"#, #""":2"#), ""),
            (Samples.image(#""\u0000":1"#, #""\u0000":2"#), "\u{fffd}"),
            (Samples.image(#""x":[[{"y":{"a":1,"b":2,"a":3}}]]"#), "a"),
            (Samples.image(#""x":{"a":{},"b":[],"a":0}"#), "a"),
            (Samples.image(#""annotations":{"a":"b","a":"b"}"#), "a"),
            (Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)","size":1,"size":1"#)), "size"),
            (Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)","size":1,"mediaT\u0079pe":"a/b""#)), "mediaType"),
            (Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)","size":1,"platform":{"os":"a","os":"b"}"#)), "os"),
            (Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)","size":1,"annotations":{"a":"1","a":"2"}"#)), "a"),
        ])
    func duplicates(json: String, key: String) {
        #expect(Samples.refusal(json) == .duplicateKey(key))
    }

    @Test("keys that only look alike are two: canonical equivalence is not equality")
    func lookAlikes() {
        #expect(Samples.refusal(Samples.image("\"\u{e9}\":1", "\"e\u{301}\":2", "\"\u{212b}\":3", "\"\u{c5}\":4")) == nil)
    }

    @Test(
        "a key that differs from a known one in case only, as far as Unicode folds",
        arguments: [
            (Samples.image(#""Layers":[]"#), "Layers"), (Samples.image(#""MANIFESTS":[]"#), "MANIFESTS"),
            (Samples.image(#""mediatype":"a/b""#), "mediatype"), (Samples.image(#""manife\u017fts":[]"#), "manife\u{17f}ts"),
            (Samples.image("\"\u{17f}ubject\":{}"), "\u{17f}ubject"), (Samples.image(#""Annotations":{}"#), "Annotations"),
            (Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)","size":1,"Size":2"#)), "Size"),
            (Samples.image(layer: Samples.layer(#""Digest":"\#(Samples.a)","size":1"#)), "Digest"),
            (Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)","size":1,"platform":{"OS":"a"}"#)), "OS"),
        ])
    func ambiguous(json: String, key: String) {
        #expect(Samples.refusal(json) == .ambiguousKey(key))
    }

    @Test("case does not matter where no key is known")
    func unknownCase() {
        #expect(Samples.refusal(Samples.image(#""X":1"#, #""x":2"#, #""annotations":{"Layers":"","layers":""}"#)) == nil)
        #expect(Samples.refusal(Samples.image(#""x":{"layers":1,"Layers":2}"#)) == nil)
    }

    @Test(
        "bytes that are no UTF-8, and half surrogate pairs",
        arguments: [
            [0x80], [0xc3], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xf0, 0x9f, 0x98],
            Array(#"\ud800"#.utf8), Array(#"\udc00"#.utf8), Array(#"\ud800\ud800"#.utf8), Array(#"\ud800a"#.utf8), Array(#"\ud800\n"#.utf8),
        ] as [[UInt8]])
    func notUnicode(bytes: [UInt8]) {
        let parts = Samples.image(#""x":"HERE""#).split(separator: "HERE").map { Array($0.utf8) }
        #expect(Samples.refusal(parts[0] + bytes + parts[1]) == .notUnicode)
        let key = Samples.image(#""HERE":1"#).split(separator: "HERE").map { Array($0.utf8) }
        #expect(Samples.refusal(key[0] + bytes + key[1]) == .notUnicode)
    }

    @Test("no UTF-8 outside of strings either")
    func noUnicodeOutside() {
        #expect(Samples.refusal(Array("{}".utf8) + [0xc3, 0xa9]) == .notJSON)
        #expect(Samples.refusal(Array("{".utf8) + [0xc2, 0xa0] + Array("}".utf8)) == .notJSON)
    }

    @Test("a hundred levels are read, one more is refused, in fields known and unknown")
    func depth() {
        func nested(_ count: Int) -> String { String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        func objects(_ count: Int) -> String { String(repeating: "{\"a\":", count: count) + "1" + String(repeating: "}", count: count) }
        #expect(Samples.refusal(Samples.image("\"x\":\(nested(99))")) == nil)
        #expect(Samples.refusal(Samples.image("\"x\":\(nested(100))")) == .tooDeep)
        #expect(Samples.refusal(Samples.image("\"x\":\(objects(99))")) == nil)
        #expect(Samples.refusal(Samples.image("\"x\":\(objects(100))")) == .tooDeep)
        let layer = Samples.layer(#""digest":"\#(Samples.a)","size":1,"x":"#)
        #expect(Samples.refusal(Samples.image(layer: layer.dropLast() + nested(97) + "}")) == nil)
        #expect(Samples.refusal(Samples.image(layer: layer.dropLast() + nested(98) + "}")) == .tooDeep)
    }

    @Test("a million levels are refused at once", arguments: ["[", "{\"a\":", "[{\"\":"])
    func veryDeep(level: String) {
        let deep = Array(String(repeating: level, count: 1_000_000).utf8)
        let documents = [deep, Array(#"{"layers":"#.utf8) + deep, Array(#"{"x":"#.utf8) + deep]
        let time = ContinuousClock().measure {
            for document in documents { #expect(Samples.refusal(document) == .tooDeep) }
        }
        #expect(time < .seconds(1))
    }

    @Test("four mebibytes of annotations, a hundred thousand of them, and the last one twice")
    func manyAnnotations() throws {
        let members = (0..<100_000).map { #""org.example.key.\#($0)":"value of \#($0)""# }
        let object = "{" + members.joined(separator: ",") + "}"
        let padding = String(repeating: "é", count: (4_194_304 - object.utf8.count) / 2)
        let manifest = try Samples.manifest(Samples.image("\"annotations\":\(object)", "\"x\":\"\(padding)\""))
        #expect(manifest.annotations == Array(object.utf8))
        let again = object.dropLast() + #","org.example.key.99999":""}"#
        #expect(Samples.refusal(Samples.image("\"annotations\":\(again)")) == .duplicateKey("org.example.key.99999"))
    }

    @Test("a key in a message is cut and has no control characters")
    func excerpt() {
        let key = "\\u001b\\n" + String(repeating: "k", count: 1000)
        #expect(
            Samples.refusal(Samples.image("\"\(key)\":1", "\"\(key)\":1"))
                == .duplicateKey("\u{fffd}\u{fffd}" + String(repeating: "k", count: 62)))
    }
}
