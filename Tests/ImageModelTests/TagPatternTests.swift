import ImageModel
import Testing

@Suite("Patterns of tags")
struct TagPatternTests {
    @Test(
        "a pattern fits what its two parts fit",
        arguments: [
            ("*:*", "a/b", "x", true), ("foo:latest", "library/foo", "latest", true), ("foo:latest", "ns/foo", "latest", false),
            ("foo:latest", "foo", "latest2", false), ("team/*:v*", "team/a/b", "v1.0", true), ("team/*:v*", "team/a", "1.0", false),
            ("team/*:v*", "other/a", "v1", false), ("*:v*.*.*", "a/b", "v1.2.3", true), ("*:v*.*.*", "a/b", "v1.2", false),
            ("*:*-rc*", "a/b", "1-rc", true),
            ("*:*.0", "a/b", "1.0", true), ("*:*.0", "a/b", "1.1", false), ("*:release-*-*", "a/b", "release-1-", true),
            ("*:a*a", "a/b", "a", false),
            ("*:Latest", "a/b", "latest", false), ("*:**", "a/b", "x", true),
        ])
    func matches(pattern: String, repository: String, tag: String, expected: Bool) throws {
        let pattern = try #require(TagPattern(pattern))
        let tag: ImageModel.Tag = try #require(.init(tag))
        #expect(pattern.matches(try #require(RepositoryName(repository)), tag) == expected)
    }

    @Test(
        "what is no pattern",
        arguments: [
            "", "*", "foo", ":", "foo:", ":latest", "*:", "Foo:x", "foo:a/b", "foo:a:b", "foo:a b", "foo:-a", "foo:.a*", "foo:ä", "a b:*",
            "foo:\0", "*:*/*",
        ])
    func noPattern(text: String) {
        #expect(TagPattern(text) == nil)
    }

    @Test("a tag's part is as long as a tag at most")
    func length() {
        #expect(TagPattern("*:" + String(repeating: "t", count: 128)) != nil)
        #expect(TagPattern("*:*" + String(repeating: "t", count: 128)) != nil)
        #expect(TagPattern("*:" + String(repeating: "t", count: 129)) == nil)
    }

    @Test("a pattern is shown as it is read again", arguments: [("foo:v*", "library/foo:v*"), ("*/x:*.*", "*/x:*.*"), ("a/b:c", "a/b:c")])
    func shown(text: String, shown: String) throws {
        let pattern = try #require(TagPattern(text))
        #expect(pattern.description == shown)
        #expect(TagPattern(pattern.description) == pattern)
    }
}
