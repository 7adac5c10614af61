import ImageModel
import Testing

@Suite("A v1 image's document")
struct V1ImageTests {
    let id = String(repeating: "1", count: 64)
    let parent = String(repeating: "2", count: 64)

    @Test("its id and parent are read, whatever else is in it")
    func reads() throws {
        let image = try V1Image(json: Array(#"{"x": [1, {"id": 3}], "parent": "\#(parent)", "id": "\#(id)", "Size": 7}"#.utf8))
        #expect(image.id.text == id)
        #expect(image.parent?.text == parent)
    }

    @Test("an absent, null or empty parent is none", arguments: ["", #","parent":null"#, #","parent":"""#])
    func base(parent: String) throws {
        #expect(try V1Image(json: Array(#"{"id":"\#(id)"\#(parent)}"#.utf8)).parent == nil)
    }

    @Test("each fault has its refusal")
    func refuses() {
        let cases: [(String, V1Image.Refusal)] = [
            ("", .notJSON), ("{", .notJSON), ("nonsense", .notJSON), ("{}{}", .notJSON), ("[]", .notJSON), ("\"\(id)\"", .notJSON),
            ("{}", .noID), (#"{"ID":"\#(id)"}"#, .noID), (#"{"id":1}"#, .invalidID), (#"{"id":null}"#, .invalidID),
            (#"{"id":"../../etc"}"#, .invalidID), (#"{"id":"\#(id)","parent":1}"#, .invalidParent),
            (#"{"id":"\#(id)","parent":"x"}"#, .invalidParent), (#"{"id":"\#(id)","parent":"\#(id)"}"#, .invalidParent),
        ]
        for (json, refusal) in cases {
            #expect(throws: refusal, "\(json)") { try V1Image(json: Array(json.utf8)) }
        }
    }

    @Test("JSON nested without end is refused and not followed")
    func deep() {
        let json = String(repeating: "[", count: 200_000)
        #expect(throws: V1Image.Refusal.notJSON) { try V1Image(json: Array(json.utf8)) }
    }
}
