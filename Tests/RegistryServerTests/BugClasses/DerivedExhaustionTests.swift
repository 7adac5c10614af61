import Foundation
import ImageModel
import Testing

/// field.md §4.2, class M: what a conversion reads is bounded, also where a small thing becomes a large one.
@Suite("Class M: conversions that would cost much", .timeLimit(.minutes(10)))
struct DerivedExhaustionTests {
    /// A zstd frame of `count` blocks of 128 KiB, each of one byte that is repeated (RFC 8878 §3.1.1.2).
    private static func zstd(blocks count: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]
        for index in 1...count {
            let header = (128 << 10) << 3 | 1 << 1 | (index == count ? 1 : 0)
            bytes += [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16), 0]
        }
        return bytes
    }

    private static let needsConfig = [["Accept: \(PlantedFaces.signedType)"], [PlantedFaces.oldEngine]]
    /// A frame that says that its window is 2 GiB.
    private static let wideWindow: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00]
    /// A frame that says that it unpacks to 2^60 bytes in one piece.
    private static let longFrame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x01, 0x00, 0x00]
    /// 8 MiB of zeros.
    private static let bzip2 = "QlpoOTFBWSZTWaI9S1gAQEBAgMAAAAQACCAAMMwFKaYBANiAgHi7kinChIUR6lrA"

    /// Pushes an image and asks for all of its faces: each is refused soon, and nothing is left of the attempt.
    ///
    /// - Parameter questions: the fields that ask for a face which is refused; Docker's manifest names the same config, so that nobody
    ///   reads it for that.
    private static func refuses(
        _ name: String, _ image: FreshImage, _ server: AccountsServer,
        questions: [[String]] = FreshImage.questions
    ) async throws {
        let alice = DistributionClient.user("alice", server)
        try await image.push(to: "alice/private", as: "bomb", by: alice)
        let before = try await derived(server)
        let clock = ContinuousClock()
        for fields in questions {
            let start = clock.now
            let answer = try await alice.send("GET /v2/alice/private/manifests/bomb", fields)
            #expect(
                answer.code == 404 && answer.text.contains("MANIFEST_UNKNOWN"),
                "\(name) \(fields): \(answer.status) \(answer.text.prefix(200))")
            #expect(clock.now - start < .seconds(30), "\(name) took \(clock.now - start)")
        }
        for path in image.paths {
            let answer = try await alice.send("GET \(path)")
            #expect(answer.code == 400 || answer.code == 404, "\(name) \(path): \(answer.status) \(answer.text.prefix(200))")
        }
        let got = try await alice.expect(200, "GET /v2/alice/private/manifests/bomb")
        #expect(got.body == image.manifest.bytes)
        let after = try await derived(server)
        #expect(after == before, "\(name)")
    }

    /// What was made: faces, and the blobs that are Wharf's own.
    private static func derived(_ server: AccountsServer) async throws -> [String] {
        try await CatalogDump(server.database).rows.filter {
            $0.hasPrefix("INSERT INTO \"face\" ") || $0.hasPrefix("INSERT INTO \"blob\" ") && $0.hasSuffix(", 1)")
        }
    }

    @Test("layers that unpack to very much, or need very much memory, are not converted")
    func layers() async throws {
        try await BugWorld.lend { _, server in
            let bombs: [(String, [UInt8])] = [
                ("25 GiB of zstd", Self.zstd(blocks: 200_000)), ("a window of 2 GiB", Self.wideWindow),
                ("a frame of an exabyte", Self.longFrame),
                ("bzip2", Array(Data(base64Encoded: Self.bzip2) ?? Data())),
                ("bzip2, many times", (0..<100).flatMap { _ in Array(Data(base64Encoded: Self.bzip2) ?? Data()) }),
                (
                    "zstd within zstd's skippable frames",
                    Array(repeatElement([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], count: 1000).joined()) + Self.zstd(blocks: 64)
                ),
            ]
            for (name, layer) in bombs {
                try await Self.refuses(
                    name, FreshImage(name, layer: layer, layerType: "application/vnd.oci.image.layer.v1.tar+zstd"), server)
            }
        }
    }

    @Test("a layer of a signed manifest is unpacked no further than the limit either")
    func signedLayers() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            for layer in [NamedBytes(Array(Data(base64Encoded: Self.bzip2) ?? Data())), NamedBytes(Self.zstd(blocks: 50_000))] {
                try await alice.push(layer, to: "alice/private")
                let document = try SignedText.signed(SignedText.payload(layer))
                try await alice.expect(201, "PUT /v2/alice/private/manifests/bomb", ["Content-Type: \(PlantedFaces.signedType)"], document)
                let before = try await CatalogDump(server.database)
                for type in [FreshImage.dockerType, PlantedContent.imageType] {
                    let answer = try await alice.send("GET /v2/alice/private/manifests/bomb", ["Accept: \(type)"])
                    #expect(answer.code == 404, "\(answer.status) \(answer.text.prefix(200))")
                }
                #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            }
        }
    }

    @Test("configs that are large, deep, of very many parts or of two minds are not read further than the limit")
    func configs() async throws {
        try await BugWorld.lend { _, server in
            let rootfs = #""rootfs":{"type":"layers","diff_ids":["DIFF"]}"#
            let many = #"{"rootfs":{"type":"layers","diff_ids":["# + repeatElement(#""DIFF""#, count: 10_000).joined(separator: ",") + "]}}"
            let deep = String(repeating: "[", count: 300_000)
            let configs: [(String, String)] = [
                ("deep", "{\(rootfs),\"x\":\(deep)\(String(repeating: "]", count: 300_000))}"),
                ("deep, without an end", "{\(rootfs),\"x\":\(deep)"),
                ("many layers", many), ("rootfs twice", "{\(rootfs),\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"),
                ("rootfs twice, once escaped", "{\(rootfs),\"\\u0072ootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"),
                ("a path for a digest", #"{"rootfs":{"type":"layers","diff_ids":["../../../../etc/passwd"]}}"#),
                ("text after it", "{\(rootfs)}{}"), ("no object", "[]"), ("nothing", ""),
                ("half a character", "{\(rootfs),\"x\":\"\u{00}\"}"),
                ("a config for Windows", #"{"rootfs":{"type":"layers+base","diff_ids":"DIFF"}}"#),
            ]
            for (name, config) in configs {
                try await Self.refuses(name, FreshImage(name, config: config), server, questions: Self.needsConfig)
            }
        }
    }

    @Test("a config that is larger than the limit is not read")
    func largeConfig() async throws {
        try await BugWorld.lend({ $0.configSize = 4096 }) { _, server in
            let rootfs = #""rootfs":{"type":"layers","diff_ids":["DIFF"]}"#
            let large = FreshImage("large", config: "{\(rootfs),\"x\":\"\(String(repeating: "a", count: 4096))\"}")
            try await Self.refuses("large", large, server, questions: Self.needsConfig)
            let small = FreshImage("small", config: "{\(rootfs),\"x\":\"\(String(repeating: "a", count: 3000))\"}")
            let alice = DistributionClient.user("alice", server)
            try await small.push(to: "alice/private", as: "small", by: alice)
            try await alice.expect(200, "GET /v2/alice/private/manifests/small", Self.needsConfig[0])
        }
    }

    @Test("many who want one face at once get it, made once")
    func atOnce() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            let image = FreshImage("wanted")
            try await image.push(to: "alice/private", as: "wanted", by: alice)
            let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 1...24 {
                    group.addTask {
                        try await alice.expect(200, "GET /v2/alice/private/manifests/wanted", ["Accept: \(PlantedFaces.signedType)"]).body
                    }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            // A signature is another one each time: one signature, one derivation.
            #expect(bodies.count == 1)
            let rows = try await CatalogDump(server.database).rows.filter {
                $0.hasPrefix("INSERT INTO \"face\"") && $0.contains("'wanted'")
            }
            #expect(rows.count == 1, "\(rows)")
        }
    }

    @Test("many signed manifests of one image under many tags do not keep more than their documents")
    func manyTags() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let image = FreshImage("tagged")
            try await image.push(to: "alice/private", as: "t0", by: alice)
            _ = try await alice.expect(200, "GET /v2/alice/private/manifests/t0", [PlantedFaces.oldEngine])
            let objects = try await StoreDump(world.store)
            for index in 1...20 {
                try await alice.push(image.manifest, PlantedContent.imageType, to: "alice/private", as: "t\(index)")
                try await alice.expect(200, "GET /v2/alice/private/manifests/t\(index)", [PlantedFaces.oldEngine])
            }
            #expect(objects.difference(to: try await StoreDump(world.store)).isEmpty)
            // Without their tags nothing names them any more.
            for index in 0...20 { try await alice.expect(202, "DELETE /v2/alice/private/manifests/t\(index)", [], []) }
            try await alice.expect(202, "DELETE /v2/alice/private/manifests/\(image.manifest.digest)", [], [])
            let rows = try await CatalogDump(server.database).rows
            #expect(!rows.contains { $0.contains(image.config.digest.description) && $0.hasPrefix("INSERT INTO \"manifest") })
        }
    }
}
