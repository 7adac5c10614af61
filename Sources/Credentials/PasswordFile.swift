/// The users of a file that `htpasswd -B` writes: a name, a colon and a bcrypt hash on each line; lines that are blank or begin with `#` do
/// not count (Apache httpd, "htpasswd").
public struct PasswordFile: Sendable, Equatable {
    /// Over ten thousand users.
    public static let sizeLimit = 1 << 20
    /// As htpasswd has it.
    public static let nameLimit = 255

    private let hashes: [String: CryptHash]

    /// - Parameter bytes: The whole file.
    /// - Throws: the first line that cannot be taken. Nothing is skipped: a user who is silently missing would be looked for long.
    public init(_ bytes: [UInt8]) throws(Refusal) {
        guard bytes.count <= Self.sizeLimit else { throw Refusal(line: nil, reason: .tooLarge) }
        var hashes: [String: CryptHash] = [:]
        for (index, bytes) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            do throws(Reason) {
                guard let (name, hash) = try Self.entry(bytes) else { continue }
                guard hashes.updateValue(hash, forKey: name) == nil else { throw .duplicateName(name) }
            } catch {
                throw Refusal(line: index + 1, reason: error)
            }
        }
        self.hashes = hashes
    }

    /// The names in the file, sorted.
    public var names: [String] { hashes.keys.sorted() }

    public subscript(name: String) -> CryptHash? { hashes[name] }

    /// What an unknown user's password is compared with: as costly as the costliest hash in the file.
    public func decoy() -> CryptHash { CryptHash.decoy(cost: hashes.values.map(\.cost).max() ?? 10) }

    private static func entry(_ bytes: ArraySlice<UInt8>) throws(Reason) -> (String, CryptHash)? {
        guard let text = String(validating: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self) else {
            throw .notUTF8
        }
        guard !text.utf8.starts(with: "#".utf8), text.utf8.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
            return nil
        }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .noColon }
        let name = String(text[..<colon])
        guard (1...nameLimit).contains(name.utf8.count), name.utf8.allSatisfy(isAllowedInName) else { throw .badName }
        let stored = text[text.utf8.index(after: colon)...]
        if let hash = CryptHash(stored) { return (name, hash) }
        if let cost = CryptHash.cost(stored) { throw .cost(cost, name: name) }
        throw .kind(Kind(stored), name: name)
    }

    /// Not all that htpasswd takes: what nobody can mistake in a log, in a rule or in a header field.
    private static func isAllowedInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
