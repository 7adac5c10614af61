import CCrypt
import Glibc

/// A bcrypt hash as a password file holds it: `$2y$10$`, 22 digits of salt and 31 of hash. `$2a$` and `$2b$` are the same algorithm as
/// other programs write it (crypt(5)).
public struct CryptHash: Sendable, Equatable {
    /// Each step doubles the time; 10 takes about 50 ms and 17, the highest that htpasswd makes, some seconds.
    public static let costs = 4...17
    /// bcrypt takes no more of a password than this, and never did: what stands behind does not count.
    public static let passwordLimit = 72

    static let prefixes = ["$2a$", "$2b$", "$2y$"]
    private static let saltLength = 22
    private static let hashLength = 31

    public let text: String
    public let cost: Int

    /// Nil unless `text` is a whole hash with one of the three prefixes and one of the ``costs``.
    public init?(_ text: some StringProtocol) {
        guard let cost = Self.cost(text), Self.costs.contains(cost) else { return nil }
        self.text = String(text)
        self.cost = cost
    }

    /// The cost that is written in a whole hash, whether we take it or not.
    static func cost(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 7 + saltLength + hashLength, prefixes.contains(where: { text.hasPrefix($0) }),
            bytes[4...5].allSatisfy({ (48...57).contains($0) }), bytes[6] == UInt8(ascii: "$"), bytes[7...].allSatisfy(isDigit)
        else { return nil }
        return Int(bytes[4] - 48) * 10 + Int(bytes[5] - 48)
    }

    /// The hash of no password; see ``PasswordHash/decoy``. A cost out of bounds is moved to the nearest.
    public static func decoy(cost: Int = 10) -> CryptHash {
        let cost = min(max(cost, costs.lowerBound), costs.upperBound)
        let digits = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let random = SecretBytes.random(saltLength + hashLength).map { digits[Int($0 & 63)] }
        return CryptHash(text: "$2y$\(cost < 10 ? "0" : "")\(cost)$" + String(decoding: random, as: UTF8.self), cost: cost)
    }

    private init(text: String, cost: Int) {
        self.text = text
        self.cost = cost
    }

    /// Whether `password` is the one. Blocks the thread. No password with a NUL matches: for bcrypt it would end there.
    public func matches(_ password: String) -> Bool {
        guard !password.utf8.contains(0) else { return false }
        // libcrypt refuses passwords from 512 bytes on, which would say at once what a short one says late.
        let phrase = password.utf8.prefix(Self.passwordLimit).map { CChar(bitPattern: $0) } + [0]
        // 32 KiB, too much for the stack of some threads; libcrypt wants it zeroed.
        let scratch = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        defer { scratch.deallocate() }
        memset(scratch, 0, MemoryLayout<crypt_data>.size)
        guard let result = crypt_r(phrase, text, scratch) else { return false }
        let computed = UnsafeRawBufferPointer(start: result, count: strlen(result))
        // Only the hash: in the last digit of a salt some programs leave bits that libcrypt clears.
        guard computed.count == text.utf8.count else { return false }
        return SecretBytes.areEqual(computed.suffix(Self.hashLength), text.utf8.suffix(Self.hashLength))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: ".")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

extension CryptHash: CustomStringConvertible {
    /// Without salt and hash: this may come into a log.
    public var description: String { "\(text.prefix(7))…" }
}
