import ImageModel
import ImageRegistry
import NIOCore
import RegistryTesting
import Storage
import Testing

@Suite("Uploads in pieces")
struct UploadTests {
    private static func scope(_ status: UploadStatus, caller: Caller = .anyone, name: String = "team/app") throws -> UploadScope {
        UploadScope(id: status.id, repository: try #require(RepositoryName(name)), caller: caller)
    }

    private static func begin(_ push: BlobPush, _ algorithm: ImageModel.Digest.Algorithm = .sha256) async throws -> UploadScope {
        try scope(await push.registry.beginUpload(to: try #require(BlobPush.name), algorithm: algorithm, by: .anyone))
    }

    private static let open = UploadPiece(start: nil, length: nil)

    @Test("pieces become a blob of the digest that is named, by either algorithm, whichever was announced")
    func pieces() async throws {
        try await BlobPush.lend { push, _ in
            for (announced, named) in [(Digest.Algorithm.sha256, Digest.Algorithm.sha256), (.sha512, .sha512), (.sha256, .sha512)] {
                let scope = try await Self.begin(push, announced)
                #expect(try await push.registry.append(BlobPush.body("one, "), Self.open, to: scope).length == 5)
                #expect(try await push.registry.append(BlobPush.body(""), Self.open, to: scope).length == 5)
                #expect(try await push.registry.append(BlobPush.body("two, "), UploadPiece(start: 5, length: 5), to: scope).length == 10)
                let digest = BlobPush.digest("one, two, three", named)
                try await push.registry.finish(scope, with: BlobPush.body("three"), UploadPiece(start: 10, length: 5), as: digest)
                #expect(try await push.holds(digest))
                await #expect(throws: RegistryError.uploadUnknown) { try await push.registry.upload(scope) }
            }
            // What was pushed under one name is not readable under another.
            #expect(try await !push.holds(BlobPush.digest("one, ")))
        }
    }

    @Test("another process goes on with an upload, and finds the sum by reading")
    func otherProcess() async throws {
        try await BlobPush.lend { push, database in
            let scope = try await Self.begin(push)
            _ = try await push.registry.append(BlobPush.body("first"), Self.open, to: scope)
            let other = TestRegistry.over(database, push.store)
            #expect(try await other.append(BlobPush.body(" second"), Self.open, to: scope).length == 12)
            try await other.finish(
                scope, with: BlobPush.body(""), UploadPiece(start: nil, length: 0), as: BlobPush.digest("first second"))
            #expect(try await push.holds(BlobPush.digest("first second")))
        }
    }

    @Test("a piece out of order is refused with where the upload is, and changes nothing")
    func order() async throws {
        try await BlobPush.lend { push, _ in
            let scope = try await Self.begin(push)
            _ = try await push.registry.append(BlobPush.body("12345"), Self.open, to: scope)
            for start in [0, 4, 6] as [Int64] {
                await #expect(throws: RegistryError.uploadOutOfOrder(UploadStatus(id: scope.id, length: 5))) {
                    try await push.registry.append(BlobPush.body("xx"), UploadPiece(start: start, length: 2), to: scope)
                }
            }
            await #expect(throws: RegistryError.lengthMismatch) {
                try await push.registry.append(BlobPush.body("toolong"), UploadPiece(start: 5, length: 2), to: scope)
            }
            try await push.registry.finish(
                scope, with: BlobPush.body("6"), UploadPiece(start: try await push.registry.upload(scope).length, length: 1),
                as: BlobPush.digest("123456"))
        }
    }

    @Test("when a body is cut off, what had arrived stays")
    func cutOff() async throws {
        struct CutOff: Error {}
        try await BlobPush.lend { push, _ in
            let scope = try await Self.begin(push)
            let body = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
                continuation.yield(ByteBuffer(repeating: 7, count: 600 << 10))
                continuation.finish(throwing: CutOff())
            }
            await #expect(throws: CutOff.self) { try await push.registry.append(body, Self.open, to: scope) }
            let length = try await push.registry.upload(scope).length
            #expect(length == 600 << 10)
            let whole = [UInt8](repeating: 7, count: 600 << 10) + Array("end".utf8)
            try await push.registry.finish(
                scope, with: BlobPush.body("end"), UploadPiece(start: length, length: 3), as: .of(whole, .sha256))
        }
    }

    @Test("a wrong digest ends the upload and leaves no byte")
    func wrongDigest() async throws {
        try await BlobPush.lend { push, _ in
            for isPieced in [false, true] {
                let scope = try await Self.begin(push)
                if isPieced { _ = try await push.registry.append(BlobPush.body("some"), Self.open, to: scope) }
                await #expect(throws: RegistryError.digestMismatch) {
                    try await push.registry.finish(scope, with: BlobPush.body("thing"), Self.open, as: BlobPush.digest("else"))
                }
                await #expect(throws: RegistryError.uploadUnknown) { try await push.registry.upload(scope) }
                #expect(try await push.objectCount() == 0)
            }
        }
    }

    @Test("an upload is its beginner's and its repository's: nobody else can see, feed, finish or cancel it")
    func owners() async throws {
        try await BlobPush.lend { push, _ in
            let one = Caller(.listed("one", isAdministrator: false))
            let two = Caller(.listed("two", isAdministrator: true))
            let status = try await push.registry.beginUpload(to: try #require(BlobPush.name), algorithm: .sha256, by: one)
            let own = try Self.scope(status, caller: one)
            _ = try await push.registry.append(BlobPush.body("mine"), Self.open, to: own)
            for foreign in [
                try Self.scope(status, caller: two), try Self.scope(status, caller: .anonymous),
                try Self.scope(status, caller: one, name: "other/app"),
            ] {
                await #expect(throws: RegistryError.uploadUnknown) { try await push.registry.upload(foreign) }
                await #expect(throws: RegistryError.uploadUnknown) {
                    try await push.registry.append(BlobPush.body("x"), Self.open, to: foreign)
                }
                await #expect(throws: RegistryError.uploadUnknown) {
                    try await push.registry.finish(foreign, with: BlobPush.body(""), Self.open, as: BlobPush.digest("mine"))
                }
                await #expect(throws: RegistryError.uploadUnknown) { try await push.registry.cancel(foreign) }
            }
            #expect(try await push.registry.upload(own).length == 4)
        }
    }

    @Test("two requests at once: one is refused, and not a byte that was acknowledged is lost")
    func twoAtOnce() async throws {
        try await BlobPush.lend { push, _ in
            let scope = try await Self.begin(push)
            let (body, feed) = AsyncStream<ByteBuffer>.makeStream()
            async let slow = push.registry.append(body, Self.open, to: scope)
            feed.yield(ByteBuffer(string: "slow"))
            while try await push.objectCount() == 0 { try await Task.sleep(for: .milliseconds(5)) }
            await #expect(throws: RegistryError.uploadBusy) { try await push.registry.append(BlobPush.body("x"), Self.open, to: scope) }
            feed.finish()
            #expect(try await slow.length == 4)
            try await push.registry.finish(scope, with: BlobPush.body(""), UploadPiece(start: 4, length: 0), as: BlobPush.digest("slow"))
        }
    }

    @Test("a repository has so many uploads open at most, and each that ends makes room")
    func limit() async throws {
        try await BlobPush.lend(openUploads: 2) { push, _ in
            let first = try await Self.begin(push)
            _ = try await Self.begin(push)
            await #expect(throws: RegistryError.tooManyUploads(limit: 2)) { try await Self.begin(push) }
            try await push.registry.cancel(first)
            _ = try await Self.begin(push)
        }
    }

    @Test("a blob beyond the limit is refused, in one piece and in several")
    func tooLarge() async throws {
        try await BlobPush.lend { push, _ in
            let limit: Int64 = 1 << 20
            await #expect(throws: RegistryError.blobTooLarge(limit: limit)) {
                try await push.registry.receiveBlob(
                    BlobPush.body(""), announced: limit + 1, as: BlobPush.digest(""), in: try #require(BlobPush.name))
            }
            let scope = try await Self.begin(push)
            _ = try await push.registry.append(BlobPush.body(String(repeating: "x", count: 1 << 19)), Self.open, to: scope)
            await #expect(throws: RegistryError.blobTooLarge(limit: limit)) {
                try await push.registry.append(BlobPush.body(String(repeating: "x", count: 1 << 19 + 1)), Self.open, to: scope)
            }
        }
    }

    @Test("nothing at all is a blob")
    func empty() async throws {
        try await BlobPush.lend { push, _ in
            let scope = try await Self.begin(push)
            try await push.registry.finish(scope, with: BlobPush.body(""), UploadPiece(start: nil, length: 0), as: BlobPush.digest(""))
            #expect(try await push.holds(BlobPush.digest("")))
        }
    }
}
