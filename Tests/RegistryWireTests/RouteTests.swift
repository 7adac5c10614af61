import ImageModel
import RegistryWire
import Testing

@Suite("v1 routes")
struct RouteTests {
    static let tag = ImageModel.Tag("1.0")
    static let tagCalledJSON = ImageModel.Tag("json")
    static let id = ImageID(String(repeating: "ab", count: 32))

    static func every(_ name: RepositoryName, _ tag: ImageModel.Tag, _ id: ImageID) -> [V1Route] {
        let images: [ImagesV1Route] = [
            .root, .ping, .status, .document(id), .putDocument(id), .layer(id), .putLayer(id), .putChecksum(id), .ancestry(id), .files(id),
            .diff(id), .tags(name), .deleteTags(name), .tag(name, tag), .putTag(name, tag), .deleteTag(name, tag), .tagDetails(name, tag),
            .repositoryDetails(name), .properties(name), .putProperties(name), .deleteRepository(name),
        ]
        let index: [IndexRoute] = [
            .login, .register, .updateUser("sam"), .putRepository(name), .images(name), .putImages(name), .authorize(name), .search,
        ]
        return images.map(V1Route.images) + index.map(V1Route.index)
    }

    @Test(
        "parsing and printing are inverses, also where a name holds words that are routes",
        arguments: [
            "foo", "ns/foo", "a/b/c", "tags/x", "images/x", "a/auth/x", "json/x", "a/properties/x/y", "ns/images", "ns/json", "ns/auth",
        ])
    func inverse(name: String) throws {
        let name = try #require(RepositoryName(name))
        let tag = try #require(Self.tag)
        let id = try #require(Self.id)
        for route in Self.every(name, tag, id) {
            let path = try #require(RequestPath(route.path))
            #expect(V1Route.look(up: route.method, path) == .found(route), "\(route.path)")
            guard route.method == .get, !route.path.hasSuffix("/") else { continue }
            let slashed = try #require(RequestPath(route.path + "/"))
            #expect(V1Route.look(up: .get, slashed) == .found(route), "\(route.path)/")
        }
    }

    @Test(
        "a slash at the end makes a repository's name of what would be a part of one",
        arguments: ["tags", "images", "auth", "json", "properties"])
    func slash(word: String) throws {
        let name = try #require(RepositoryName("ns/\(word)"))
        let path = try #require(RequestPath("/v1/repositories/ns/\(word)/"))
        #expect(V1Route.look(up: .put, path) == .found(.index(.putRepository(name))))
        #expect(V1Route.look(up: .delete, path) == .found(.images(.deleteRepository(name))))
        let bare = try #require(RequestPath("/v1/repositories/ns/\(word)"))
        #expect(V1Route.look(up: .put, bare) != .found(.index(.putRepository(name))))
        #expect(V1Route.look(up: .delete, bare) != .found(.images(.deleteRepository(name))))
    }

    @Test("a tag may be called json")
    func tagJSON() throws {
        let name = try #require(RepositoryName("a"))
        let tag = try #require(Self.tagCalledJSON)
        let path = try #require(RequestPath("/v1/repositories/a/tags/json"))
        #expect(V1Route.look(up: .get, path) == .found(.images(.tag(name, tag))))
    }

    @Test("another method than a resource has is refused with those that it has")
    func otherMethod() throws {
        let search = try #require(RequestPath("/v1/search"))
        #expect(V1Route.look(up: .post, search) == .methodNotAllowed(allowed: [.get]))
        let repository = try #require(RequestPath("/v1/repositories/ns/foo/"))
        #expect(V1Route.look(up: .get, repository) == .methodNotAllowed(allowed: [.put, .delete]))
        #expect(V1Route.look(up: nil, repository) == .methodNotAllowed(allowed: [.put, .delete]))
    }

    @Test("HEAD asks what GET asks")
    func head() throws {
        #expect(Method("HEAD") == .get)
        #expect(Method("PATCH") == .patch)
        #expect(Method("get") == nil)
        #expect(Method("OPTIONS") == nil)
    }

    @Test(
        "a path of the right shape with a wrong part is refused for that part",
        arguments: [
            ("/v1/images/zz/json", PathRefusal.imageID), ("/v1/repositories/Foo/tags", .repositoryName),
            ("/v1/repositories/a%20b/images", .repositoryName), ("/v1/repositories/foo/tags/-x", .tag),
            ("/v1/repositories/foo/tags/a%3Ab", .tag),
        ])
    func refused(path: String, refusal: PathRefusal) throws {
        #expect(V1Route.look(up: .get, try #require(RequestPath(path))) == .refused(refusal))
    }

    @Test(
        "what is nowhere is unknown",
        arguments: ["/v1", "/v1/", "/v1/images", "/v1/images/x", "/v1/repositories", "/v3/x", "/v1/images/x/y"])
    func unknown(path: String) throws {
        #expect(V1Route.look(up: .get, try #require(RequestPath(path))) == .unknown)
    }
}
