import RegistryWire
import Testing

@Suite("The path and query of a request")
struct RequestPathTests {
    @Test("components are decoded once")
    func components() {
        #expect(RequestPath("/v1/a%62c/d+e?x=/y")?.components == ["v1", "abc", "d+e"])
        #expect(RequestPath("/")?.components == [])
        #expect(RequestPath("/a/")?.components == ["a"])
        #expect(RequestPath("/a%2562")?.components == ["a%62"])
    }

    @Test(
        "what could be read in two ways is refused",
        arguments: [
            "", "a", "//", "/a//b", "/a//", "/a/../b", "/a/%2e%2e/b", "/a/.", "/%2E", "/a%2Fb", "/a%2fb", "/a%5Cb", "/a\\b", "/a%00b",
            "/a%",
            "/a%2", "/a%zz", "/a%0ab", "/a%7f", "/a%c0%af", "/%ff", "/a%e2%82",
        ])
    func refused(path: String) {
        #expect(RequestPath(path) == nil)
    }

    @Test("a query is a form")
    func query() throws {
        let query = try #require(RequestQuery(of: "/v1/search?q=a+b%2Bc&n=&q=second&flag"))
        #expect(query["q"] == "a b+c")
        #expect(query["n"] == "")
        #expect(query["flag"] == "")
        #expect(query["absent"] == nil)
        #expect(RequestQuery(of: "/v1/search")?["q"] == nil)
        for text in ["/?q=%", "/?q=%zz", "/?%00=1", "/?q=a%00", "/?q=%c0%af"] { #expect(RequestQuery(of: text) == nil) }
    }

    @Test("a field may be there several times, and may be there without a value")
    func repeatedFields() throws {
        let query = try #require(RequestQuery(of: "/v2/a/manifests/x?tag=1&tag=b%2Bc&n&tag=&tagged=no"))
        #expect(query.values(of: "tag") == ["1", "b+c", ""])
        #expect(query.values(of: "n") == [""])
        #expect(query.values(of: "absent") == [])
        #expect(query.contains("n"))
        #expect(query.contains("tagged"))
        #expect(!query.contains("absent"))
    }

    @Test("a body may be a form, in which a question mark is a character")
    func form() throws {
        let form = try #require(RequestQuery(form: Array("a=1+2&b=%3F?&b=3".utf8)))
        #expect(form["a"] == "1 2")
        #expect(form.values(of: "b") == ["??", "3"])
        #expect(RequestQuery(form: Array("a=%".utf8)) == nil)
        #expect(RequestQuery(form: [0x61, 0x3D, 0xFF]) == nil)
        #expect(RequestQuery(form: [])?.contains("") == false)
    }

    @Test("page numbers outside the range become the nearest inside, and what is no number the default")
    func searchRequest() throws {
        func request(_ text: String) throws -> SearchRequest { SearchRequest(try #require(RequestQuery(of: "/v1/search?\(text)"))) }
        #expect(try request("") == request("q=&n=25&page=1"))
        for (n, size) in [("0", 1), ("-5", 1), ("1", 1), ("100", 100), ("101", 100), ("99999999999999999999", 100), ("x", 25), ("", 25)] {
            #expect(try request("n=\(n)").pageSize == size)
        }
        #expect(try request("page=0").page == 1)
        #expect(try request("page=3&n=10").offset == 20)
        #expect(try request("page=99999999999999999999").page == 1_000_000)
        #expect(try request("q=" + String(repeating: "a", count: 300)).query.utf8.count == 256)
    }
}
