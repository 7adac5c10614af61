import ImageModel
import RegistryWire
import Testing

@Suite("v2 routes")
struct DistributionRouteTests {
    static let hex = String(repeating: "0123456789abcdef", count: 4)
    static let sha256 = "sha256:\(hex)"
    static let sha512 = "sha512:\(hex)\(hex)"
    static let uuid = "123e4567-e89b-42d3-a456-426614174000"

    static func name(_ text: String) throws -> RepositoryName { try #require(RepositoryName(text)) }
    static func digest(_ text: String = sha256) throws -> Digest { try #require(Digest(text)) }

    // Testing has a type of that name, and the macro cannot take the module's.
    static func tag(_ text: String) throws -> ImageModel.Tag {
        let tag = ImageModel.Tag(text)
        return try #require(tag)
    }

    static func upload() throws -> UploadID { try #require(UploadID(uuid)) }

    static func look(_ method: Method?, _ path: String) throws -> Lookup<DistributionRoute> {
        DistributionRoute.look(up: method, try #require(RequestPath(path)))
    }

    static func every(_ name: RepositoryName) throws -> [DistributionRoute] {
        let (upload, tag) = (try upload(), try tag("uploads"))
        let digests = [try digest(), try digest(sha512)]
        let some: [DistributionRoute] = [
            .ping, .catalog, .token, .tokenGrant, .tokenKeys, .manifest(name, .tag(tag)), .putManifest(name, .tag(tag)),
            .deleteTag(name, tag), .startUpload(name), .upload(name, upload), .appendUpload(name, upload), .finishUpload(name, upload),
            .cancelUpload(name, upload), .tags(name), .deleteRepository(name),
        ]
        return some
            + digests.flatMap { digest -> [DistributionRoute] in
                [
                    .manifest(name, .digest(digest)), .putManifest(name, .digest(digest)), .deleteManifest(name, digest),
                    .blob(name, digest), .deleteBlob(name, digest), .referrers(name, digest),
                ]
            }
    }

    @Test("parsing and printing are inverses, whatever words that are routes stand in a name")
    func inverse() throws {
        let words = ["a", "v2", "manifests", "blobs", "uploads", "tags", "list", "referrers", "token", "keys", "library", Self.uuid]
        let pairs = words.flatMap { first in words.map { "\(first)/\($0)" } }
        let endings = ["manifests/a", "blobs/uploads", "uploads/\(Self.uuid)", "tags/list", "referrers/list", "token/keys"]
        let triples = words.flatMap { first in endings.map { "\(first)/\($0)" } }
        for text in words + pairs + triples + ["a/blobs/uploads/\(Self.uuid)", "a/tags/list/tags/list"] {
            let name = try Self.name(text)
            for route in try Self.every(name) {
                #expect(try Self.look(route.method, route.path) == .found(route), "\(route.method.rawValue) \(route.path)")
            }
        }
    }

    @Test("paths are those of the specification")
    func paths() throws {
        let (team, ubuntu, upload) = (try Self.name("team/app"), try Self.name("library/ubuntu"), try Self.upload())
        let tag = try Self.tag("1.0")
        let expected: [(DistributionRoute, String)] = [
            (.ping, "/v2/"), (.catalog, "/v2/_catalog"), (.token, "/v2/token"), (.tokenGrant, "/v2/token"), (.tokenKeys, "/v2/token/keys"),
            (.manifest(team, .tag(tag)), "/v2/team/app/manifests/1.0"), (.putManifest(ubuntu, .tag(tag)), "/v2/ubuntu/manifests/1.0"),
            (.manifest(team, .digest(try Self.digest())), "/v2/team/app/manifests/\(Self.sha256)"),
            (.blob(ubuntu, try Self.digest(Self.sha512)), "/v2/ubuntu/blobs/\(Self.sha512)"),
            (.startUpload(team), "/v2/team/app/blobs/uploads/"), (.upload(team, upload), "/v2/team/app/blobs/uploads/\(Self.uuid)"),
            (.tags(ubuntu), "/v2/ubuntu/tags/list"), (.referrers(team, try Self.digest()), "/v2/team/app/referrers/\(Self.sha256)"),
            (.deleteRepository(ubuntu), "/v2/ubuntu/"),
        ]
        for (route, path) in expected { #expect(route.path == path) }
    }

    @Test("a path is read from the right")
    func fromTheRight() throws {
        let x = try Self.tag("x")
        let uploads = try Self.tag("uploads")
        let expected: [(Method, String, DistributionRoute)] = [
            (.get, "/v2/a/manifests/manifests/x", .manifest(try Self.name("a/manifests"), .tag(x))),
            (.get, "/v2/manifests/manifests/x", .manifest(try Self.name("manifests"), .tag(x))),
            (.get, "/v2/token/manifests/x", .manifest(try Self.name("library/token"), .tag(x))),
            (.get, "/v2/blobs/manifests/uploads", .manifest(try Self.name("blobs"), .tag(uploads))),
            (.get, "/v2/library/a/manifests/x", .manifest(try Self.name("a"), .tag(x))),
            (.post, "/v2/x/blobs/uploads/", .startUpload(try Self.name("x"))),
            (.post, "/v2/x/blobs/uploads", .startUpload(try Self.name("x"))),
            (.post, "/v2/x/blobs/blobs/uploads", .startUpload(try Self.name("x/blobs"))),
            (.post, "/v2/x/blobs/uploads/blobs/uploads/", .startUpload(try Self.name("x/blobs/uploads"))),
            (.patch, "/v2/x/blobs/uploads/\(Self.uuid)", .appendUpload(try Self.name("x"), try Self.upload())),
            (.put, "/v2/x/blobs/uploads/\(Self.uuid)", .finishUpload(try Self.name("x"), try Self.upload())),
            (.get, "/v2/x/blobs/uploads/blobs/\(Self.sha256)", .blob(try Self.name("x/blobs/uploads"), try Self.digest())),
            (.get, "/v2/tags/list/tags/list", .tags(try Self.name("tags/list"))),
            (.get, "/v2/token/keys/tags/list", .tags(try Self.name("token/keys"))),
            (.get, "/v2", .ping), (.get, "/v2/?a=b", .ping), (.get, "/v2/_catalog?n=1", .catalog), (.post, "/v2/token", .tokenGrant),
            (.get, "/v2/x/tags/list/", .tags(try Self.name("x"))),
        ]
        for (method, path, route) in expected { #expect(try Self.look(method, path) == .found(route), "\(path)") }
    }

    @Test("DELETE of what is nothing else is of the repository, and with a slash at the end it always is")
    func deleteRepository() throws {
        let expected: [(String, String)] = [
            ("/v2/x", "x"), ("/v2/team/x", "team/x"), ("/v2/x/manifests", "x/manifests"), ("/v2/manifests/x", "manifests/x"),
            ("/v2/blobs/uploads", "blobs/uploads"), ("/v2/blobs/uploads/\(Self.uuid)", "blobs/uploads/\(Self.uuid)"),
            ("/v2/x/", "x"), ("/v2/token/", "token"), ("/v2/token/keys/", "token/keys"), ("/v2/x/manifests/y/", "x/manifests/y"),
            ("/v2/x/blobs/uploads/", "x/blobs/uploads"), ("/v2/x/blobs/y/", "x/blobs/y"), ("/v2/x/tags/list/", "x/tags/list"),
            ("/v2/x/blobs/uploads/\(Self.uuid)/", "x/blobs/uploads/\(Self.uuid)"),
        ]
        for (path, name) in expected {
            #expect(try Self.look(.delete, path) == .found(.deleteRepository(try Self.name(name))), "\(path)")
        }
        let (x, y) = (try Self.name("x"), try Self.tag("y"))
        #expect(try Self.look(.delete, "/v2/x/manifests/y") == .found(.deleteTag(x, y)))
        #expect(try Self.look(.delete, "/v2/x/manifests/\(Self.sha256)/") == .found(.deleteManifest(x, try Self.digest())))
        #expect(try Self.look(.delete, "/v2/x/blobs/uploads/\(Self.uuid)") == .found(.cancelUpload(x, try Self.upload())))
    }

    @Test(
        "another method than a resource has is refused with those that it has",
        arguments: [
            (Method.post, "/v2/", [Method.get]), (.delete, "/v2/", [.get]), (.put, "/v2/_catalog", [.get]),
            (.delete, "/v2/_catalog/", [.get]),
            (.put, "/v2/token", [.get, .post]), (.delete, "/v2/token", [.get, .post]), (.put, "/v2/token/", [.get, .post, .delete]),
            (.post, "/v2/x/manifests/y", [.get, .put, .delete]), (.patch, "/v2/x/manifests/\(sha256)", [.get, .put, .delete]),
            (.put, "/v2/x/blobs/\(sha256)", [.get, .delete]), (.get, "/v2/x/blobs/uploads", [.post]),
            (.get, "/v2/x/blobs/uploads/", [.post, .delete]), (.post, "/v2/x/blobs/uploads/\(uuid)", [.get, .patch, .put, .delete]),
            (.delete, "/v2/x/tags/list", [.get]), (.post, "/v2/x/referrers/\(sha256)", [.get]), (.get, "/v2/x", [.delete]),
            (nil, "/v2/x/y/z", [.delete]), (nil, "/v2/", [.get]),
        ] as [(Method?, String, [Method])])
    func otherMethod(method: Method?, path: String, allowed: [Method]) throws {
        #expect(try Self.look(method, path) == .methodNotAllowed(allowed: allowed))
    }

    @Test(
        "a path of the right shape with a wrong part is refused for that part",
        arguments: [
            ("/v2/Foo/manifests/x", PathRefusal.repositoryName), ("/v2/a..b/manifests/x", .repositoryName),
            ("/v2/-a/tags/list", .repositoryName), ("/v2/a/b_/blobs/uploads/", .repositoryName),
            ("/v2/_catalog/tags/list", .repositoryName),
            ("/v2/\(String(repeating: "a", count: 256))/tags/list", .repositoryName),
            ("/v2/Foo/manifests/-", .repositoryName),
            ("/v2/a/manifests/-x", .reference), ("/v2/a/manifests/x%20y", .reference), ("/v2/a/manifests/.x", .reference),
            ("/v2/a/manifests/\(String(repeating: "a", count: 129))", .reference), ("/v2/a/manifests/x@y", .reference),
            ("/v2/a/manifests/sha256:abc", .digest), ("/v2/a/manifests/md5:\(hex)", .digest), ("/v2/a/manifests/x:y", .digest),
            ("/v2/a/manifests/sha256:\(hex.uppercased())", .digest), ("/v2/a/manifests/sha512:\(hex)", .digest),
            ("/v2/a/manifests/\(sha256)0", .digest), ("/v2/a/manifests/SHA256:\(hex)", .digest), ("/v2/a/manifests/:", .digest),
            ("/v2/a/blobs/\(hex)", .digest), ("/v2/a/blobs/\(sha256)g", .digest), ("/v2/a/blobs/latest", .digest),
            ("/v2/a/blobs/latest/", .digest), ("/v2/a/referrers/latest", .digest), ("/v2/a/referrers/sha256:", .digest),
            ("/v2/a/blobs/uploads/x", .upload), ("/v2/a/blobs/uploads/\(uuid.uppercased())", .upload),
            ("/v2/a/blobs/uploads/uploads", .upload), ("/v2/a/blobs/uploads/\(uuid)0", .upload),
        ])
    func refused(path: String, refusal: PathRefusal) throws {
        #expect(try Self.look(.get, path) == .refused(refusal))
        #expect(try Self.look(nil, path) == .refused(refusal))
    }

    @Test("a repository that has no name of this dialect cannot be deleted in it")
    func deleteWrongName() throws {
        for path in ["/v2/a..b", "/v2/a..b/", "/v2/Foo", "/v2/_x", "/v2/a/-"] {
            #expect(try Self.look(.delete, path) == .refused(.repositoryName), "\(path)")
        }
    }

    @Test(
        "what is nowhere is unknown",
        arguments: ["/", "/v1/", "/v3/", "/v22/x/tags/list", "/v2/_oci/ext/discover", "/v2/a/_trust/tuf", "/v2/Foo"])
    func unknown(path: String) throws {
        #expect(try Self.look(.get, path) == .unknown)
    }

    @Test(
        "what could be read in two ways is refused here, too",
        arguments: [
            "/v2//tags/list", "/v2/a//tags/list", "/v2/a/../b/tags/list", "/v2/a/%2e%2e/b/tags/list", "/v2/a%2Fb/tags/list",
            "/v2/a%2fb/manifests/x", "/v2/a/manifests/x%00", "/v2/a/./tags/list", "/v2/a/blobs/uploads//", "/v2//", "/v2/a\\b/tags/list",
        ])
    func ambiguous(path: String) {
        #expect(RequestPath(path) == nil)
        #expect(DistributionRoute.isDistribution(path))
    }

    @Test("a component is decoded once, so an encoded colon is one")
    func encodedColon() throws {
        let path = "/v2/a/manifests/sha256%3A\(Self.hex)"
        #expect(try Self.look(.get, path) == .found(.manifest(try Self.name("a"), .digest(try Self.digest()))))
        #expect(try Self.look(.get, "/v2/a/manifests/sha256%253A\(Self.hex)") == .refused(.reference))
    }

    @Test("the dialect is told by the path's first component")
    func dialect() {
        for target in ["/v2", "/v2/", "/v2?x", "/v2/a/tags/list?n=1", "/v2//"] { #expect(DistributionRoute.isDistribution(target)) }
        for target in ["/", "", "/v1/", "/v22", "/v2a/", "v2/", "/V2/", "//v2/"] { #expect(!DistributionRoute.isDistribution(target)) }
    }

    @Test("each route has a name of its own, and those that change something are known")
    func labels() throws {
        let name = try Self.name("a")
        let routes = try Self.every(name)
        #expect(
            Set(routes.map(\.label)) == [
                "ping", "manifest", "putManifest", "deleteTag", "deleteManifest", "blob", "deleteBlob", "startUpload", "upload",
                "appendUpload",
                "finishUpload", "cancelUpload", "tags", "referrers", "catalog", "deleteRepository", "token", "tokenGrant", "tokenKeys",
            ])
        #expect(
            Set(routes.filter(\.isMutating).map(\.label)) == [
                "putManifest", "deleteTag", "deleteManifest", "deleteBlob", "startUpload", "appendUpload", "finishUpload", "cancelUpload",
                "deleteRepository",
            ])
        #expect(
            Set(routes.filter { $0.repository == nil }.map(\.label)) == ["ping", "catalog", "token", "tokenGrant", "tokenKeys"])
        #expect(routes.allSatisfy { $0.repository == nil || $0.repository == name })
    }

    @Test("what operators ask for has exactly these paths")
    func operations() {
        #expect(OperationsRoute(target: "/metrics") == .metrics)
        #expect(OperationsRoute(target: "/healthz?verbose") == .live)
        #expect(OperationsRoute(target: "/readyz") == .ready)
        #expect(OperationsRoute.allCases.map(\.path) == ["/metrics", "/healthz", "/readyz"])
        #expect(OperationsRoute.allCases.map(\.label) == ["metrics", "live", "ready"])
        for target in ["/metrics/", "/Metrics", "/", "", "/v2/metrics", "metrics", "/metricsx"] {
            #expect(OperationsRoute(target: target) == nil)
        }
    }
}
