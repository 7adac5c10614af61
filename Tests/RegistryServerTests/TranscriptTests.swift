import Foundation
import RegistryTesting
import Testing

@Suite("Transcripts: requests and the exact answers")
struct TranscriptTests {
    /// Tests/Transcripts.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Transcripts")

    static let names: [String] = {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return paths.filter { $0.hasSuffix(".http") }.sorted()
    }()

    @Test("a story is played whole", arguments: names)
    func play(name: String) async throws {
        let transcript = try Transcript(String(contentsOf: Self.folder.appending(path: name), encoding: .utf8))
        #expect(!transcript.steps.isEmpty)
        try await TestServer.lend { port, database in
            try await TranscriptRunner(port: port, database: database).play(transcript, name: name)
        }
    }

    @Test("there are stories")
    func some() {
        #expect(Self.names.count >= 10)
    }
}
