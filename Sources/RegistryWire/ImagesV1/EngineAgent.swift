/// The `key/value` words of an engine's `User-Agent`, as far as a tag keeps them (v1.md §1.3, 2.5). Foreign agents have none of them.
public struct EngineAgent: Sendable, Equatable {
    /// The longest word that is kept, in bytes.
    static let wordLengthLimit = 128

    public let docker: String?
    public let go: String?
    public let arch: String?
    public let os: String?
    public let kernel: String?

    public init(_ userAgent: String?) {
        var words: [Substring: String] = [:]
        for word in (userAgent ?? "").split(separator: " ") {
            let halves = word.split(separator: "/", maxSplits: 1)
            guard halves.count == 2, halves[1].utf8.count <= Self.wordLengthLimit, words[halves[0]] == nil else { continue }
            words[halves[0]] = String(halves[1])
        }
        docker = words["docker"]
        go = words["go"]
        arch = words["arch"]
        os = words["os"]
        kernel = words["kernel"]
    }
}
