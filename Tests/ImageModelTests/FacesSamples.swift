import Foundation
import ImageModel

/// The chain of two images, of which v1.md §9 and §10 say what becomes of it.
enum Chain {
    static let baseID = String(repeating: "1", count: 64)
    static let topID = String(repeating: "2", count: 64)
    static let base =
        #"{"id":"\#(baseID)","created":"2014-05-13T16:53:20Z","#
        + ##""container_config":{"Cmd":["/bin/sh","-c","#(nop) ADD file:x in /"]},"architecture":"amd64","os":"linux","Size":6}"##
    static let top =
        #"{"id":"\#(topID)","parent":"\#(baseID)","created":"2014-05-13T16:53:21Z","#
        + #""container_config":{"Cmd":["/bin/sh","-c","touch /a \u0026\u0026 b"]},"docker_version":"1.9.1","#
        + #""config":{"Cmd":["/bin/sh"]},"architecture":"amd64","os":"linux","Size":3}"#
    static let baseDiff = "sha256:6bebb60506bcc81485e57cd53942d207ae8ac3d63a441e0980171c192d3efb66"
    static let topDiff = "sha256:0121a2f4e27320e6b07005556a9323a2e15c96800bf889a939fa1a6a34a19b7d"
    static let config =
        #"{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"container_config":{"Cmd":["/bin/sh","-c","#
        + #""touch /a \u0026\u0026 b"]},"created":"2014-05-13T16:53:21Z","docker_version":"1.9.1","history":["#
        + ##"{"created":"2014-05-13T16:53:20Z","created_by":"/bin/sh -c #(nop) ADD file:x in /"},"##
        + #"{"created":"2014-05-13T16:53:21Z","created_by":"/bin/sh -c touch /a \u0026\u0026 b"}],"os":"linux","#
        + #""rootfs":{"type":"layers","diff_ids":["\#(baseDiff)","\#(topDiff)"]}}"#
    static let imageID = "cc463c47648fdd7ca0908163b60187afb33e3ebf103981c8a8c58d3e9f7df087"
}

enum Faces {
    static func config(_ json: String) throws(ConversionRefusal) -> ImageConfig { try ImageConfig(Array(json.utf8)) }

    /// A config with these members and this many layers, whose diff ids are those of their numbers.
    static func config(_ members: String, layers: Int) throws(ConversionRefusal) -> ImageConfig {
        try config(#"{\#(members.isEmpty ? "" : members + ",")"rootfs":{"type":"layers","diff_ids":[\#(list(layers))]}}"#)
    }

    private static func list(_ count: Int) -> String { (0..<count).map { "\"\(digest($0))\"" }.joined(separator: ",") }

    static func digest(_ number: Int) -> Digest { Digest.of(Array("\(number)".utf8), .sha256) }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A file of Tests/Schema1.
    static func file(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: tests.appending(path: "Schema1/\(name)"))) }

    /// A file of Tests/Recordings.
    static func recording(_ name: String) throws -> String {
        try String(contentsOf: tests.appending(path: "Recordings/\(name)"), encoding: .utf8)
    }

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
}
