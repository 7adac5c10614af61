import ImageModel
import RegistryWire
import Testing

@Suite("Fields and queries of v2")
struct DistributionFieldTests {
    static let manifest = "application/vnd.oci.image.manifest.v1+json"
    static let index = "application/vnd.oci.image.index.v1+json"

    @Test("a part of an upload is written in the specification's form or in HTTP's")
    func contentRange() throws {
        for field in ["0-9", "bytes 0-9/10", "bytes 0-9/*", "Bytes 0-9/11", " 0-9 ", "00-09"] {
            let range = try #require(ContentRange(field), "\(field)")
            #expect((range.first, range.last, range.count) == (0, 9, 10), "\(field)")
        }
        let far = try #require(ContentRange("9223372036854775806-9223372036854775806"))
        #expect((far.first, far.last, far.count) == (9_223_372_036_854_775_806, 9_223_372_036_854_775_806, 1))
        #expect(ContentRange("0-9223372036854775806")?.count == .max)
    }

    @Test(
        "what is no part of an upload is none",
        arguments: [
            "", "-", "0-", "-9", "9-0", "0-9/10", "bytes 0-9", "bytes=0-9", "bytes 0-9/9", "bytes 0-9/", "bytes 0-9/x", "bytes */10",
            "bytes 0-9/10/11", "0-9-10", "a-b", "+0-9", "0--1", "0-9223372036854775807", "0-9223372036854775808", "0 - 9", "bytes  0-9/10",
            "0-٩",
        ])
    func noContentRange(field: String) {
        #expect(ContentRange(field) == nil)
    }

    @Test("a page is as large as asked for, up to the maximum")
    func page() throws {
        func page(_ query: String) throws -> PageRequest? {
            PageRequest(try #require(RequestQuery(of: "/v2/_catalog\(query)")), maximum: 50)
        }
        for (query, limit) in [("", 50), ("?n=0", 0), ("?n=7", 7), ("?n=51", 50), ("?n=99999999999999999999", 50), ("?last=a", 50)] {
            #expect(try page(query)?.limit == limit, "\(query)")
        }
        #expect(try page("?n=7&last=team%2Fapp")?.last == "team/app")
        #expect(try page("?last=")?.last == nil)
        #expect(try page("?n=7")?.last == nil)
        for query in ["?n=", "?n", "?n=-1", "?n=x", "?n=+1", "?n=1.5", "?n=0x1", "?n=1&n=2%00"] where RequestQuery(of: "/\(query)") != nil {
            #expect(try page(query) == nil, "\(query)")
        }
    }

    @Test("a link escapes what a query may not hold")
    func link() {
        #expect(
            LinkField.next("/v2/_catalog", parameters: [("n", "10"), ("last", "team/app")])
                == #"</v2/_catalog?n=10&last=team%2Fapp>; rel="next""#)
        #expect(
            LinkField.next("/v2/a/tags/list", parameters: [("last", "a_b-c.d~ &=+>\"é%")])
                == #"</v2/a/tags/list?last=a_b-c.d~%20%26%3D%2B%3E%22%C3%A9%25>; rel="next""#)
        #expect(LinkField.next("/v2/_catalog", parameters: []) == #"</v2/_catalog>; rel="next""#)
    }

    @Test(
        "a type is taken as RFC 9110 says, and by whoever takes JSON",
        arguments: [
            ([], true, false), ([""], true, false), ([" , "], true, false), (["nonsense"], true, false),
            ([manifest], true, true), (["text/html", manifest], true, true), (["text/html, \(manifest.uppercased());q=0.5"], true, true),
            (["\(manifest); charset=utf-8"], true, true), ([index], false, false), (["text/html"], false, false),
            (["*/*"], true, false), (["application/*"], true, false), (["text/*"], false, false), (["application/json"], true, false),
            (["\(manifest);q=0"], false, false), (["*/*, \(manifest);q=0"], false, false), (["*/*", "\(manifest); Q=0.000"], false, false),
            (["application/*;q=0, */*"], false, false), (["*/*;q=0"], false, false), (["\(manifest), */*;q=0"], true, true),
            (["application/json;q=0"], false, false), (["application/json;q=0, */*"], true, false),
            (["application/*, */*;q=0"], true, false),
            (["\(manifest);q=0.001"], true, true), (["\(manifest);q=x"], true, true), (["\(manifest);q=0, \(manifest)"], true, true),
            ([#"text/html;a="x,\#(manifest),y""#], false, false), ([#"text/html;a="\",", \#(manifest)"#], true, true),
            (["\(index), application/vnd.docker.distribution.manifest.v2+json"], false, false),
        ] as [([String], Bool, Bool)])
    func accept(values: [String], isAdmitted: Bool, isNamed: Bool) throws {
        let type = try #require(MediaType(Self.manifest))
        let field = AcceptField(values)
        #expect(field.admits(type) == isAdmitted)
        #expect(field.names(type) == isNamed)
    }

    @Test("only a field that says nothing is empty")
    func emptyAccept() {
        for values in [[], [""], [","], ["nonsense", ";q=1"], ["a/b/c"]] { #expect(AcceptField(values).isEmpty) }
        for values in [["*/*"], ["text/html;q=0"]] { #expect(!AcceptField(values).isEmpty) }
    }

    @Test("a challenge names realm, service, scopes and what is wrong")
    func challenge() throws {
        let realm = "https://registry.example.com/v2/token"
        #expect(
            Challenge.bearer(realm: realm, service: "registry.example.com", scopes: [])
                == #"Bearer realm="https://registry.example.com/v2/token",service="registry.example.com""#)
        let scopes = TokenScope.list(["repository:team/app:push,pull registry:catalog:*"])
        let names = #"realm="\#(realm)",service="a",scope="repository:team/app:pull,push registry:catalog:*""#
        #expect(
            Challenge.bearer(realm: realm, service: "a", scopes: scopes, error: .insufficientScope)
                == #"Bearer \#(names),error="insufficient_scope""#)
        #expect(
            Challenge.bearer(realm: #"a"b\c"#, service: #"\""#, scopes: [], error: .invalidToken)
                == #"Bearer realm="a\"b\\c",service="\\\"",error="invalid_token""#)
    }

    @Test("a challenge has no control characters", arguments: ["a\r\nSet-Cookie: b", "a\n", "\t", "\u{0}", "a\u{7F}"])
    func controlCharacters(text: String) {
        #expect(Challenge.bearer(realm: text, service: "a", scopes: []) == nil)
        #expect(Challenge.bearer(realm: "a", service: text, scopes: []) == nil)
    }

    @Test("engines that need another answer are known by their agent")
    func agent() {
        for agent in ["Go 1.1 package http", "Go-http-client/1.1", "Go-http-client/2.0"] {
            #expect(ClientAgent(userAgent: agent).isBareGo)
            #expect(!ClientAgent(userAgent: agent).needsAbsoluteLocation)
        }
        for agent in ["docker/1.6.2 go/go1.4.2 kernel/3.13.0 os/linux arch/amd64", "docker/1.7.1 go/go1.4.2"] {
            #expect(ClientAgent(userAgent: agent).needsAbsoluteLocation)
            #expect(!ClientAgent(userAgent: agent).isBareGo)
        }
        for agent in [
            nil, "", "docker/1.5.0 go/go1.3.3", "docker/1.60.0", "docker/1.8.0", "docker/17.06.0", "x docker/1.6.2", "Go-http-client/1.1 x",
        ] {
            #expect(!ClientAgent(userAgent: agent).isBareGo)
            #expect(!ClientAgent(userAgent: agent).needsAbsoluteLocation)
        }
    }
}
