import Crypto
import CryptoExtras
import FoundationEssentials

/// A password as it is stored: scrypt (RFC 7914) with a salt of its own, as the text `$scrypt$ln=15,r=8,p=1$<salt>$<hash>` (PHC string
/// format; base64 without padding).
///
/// A derivation takes 128·r·2^ln bytes of memory, 32 MiB by default, and blocks its thread for about a tenth of a second:
/// ``PasswordChecker`` sees to it that not many run at once.
public struct PasswordHash: Sendable, Equatable {
    /// Why there is no hash.
    public enum Failure: Error, Equatable, Sendable {
        /// `ln` is not one of ``logarithms``.
        case cost
        /// The password has a NUL.
        case password
        /// There was no memory for it.
        case memory
    }

    /// What `ln`, the binary logarithm of the cost, may be: 1 MiB to 128 MiB with r=8. Fewer are for tests.
    public static let logarithms = 10...17
    public static let defaultLogarithm = 15
    static let blockSizes = 1...8
    static let parallelisms = 1...4
    static let saltLengths = 16...64
    static let saltLength = 16
    static let hashLength = 32
    static let textLimit = 256

    /// What is stored, and read by ``init(_:)``.
    public let text: String
    let logarithm: Int
    let blockSize: Int
    let parallelism: Int
    let salt: [UInt8]
    let hash: [UInt8]

    /// Nil unless `text` is what this type writes, with a cost within its bounds: a stored text cannot ask for gigabytes or for minutes.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.textLimit else { return nil }
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let parameters = parts[2].split(separator: ",", omittingEmptySubsequences: false)
        guard parameters.count == 3,
            let logarithm = Self.parameter("ln", parameters[0], in: Self.logarithms),
            let blockSize = Self.parameter("r", parameters[1], in: Self.blockSizes),
            let parallelism = Self.parameter("p", parameters[2], in: Self.parallelisms),
            let salt = BitDigits.base64.decode(parts[3]), Self.saltLengths.contains(salt.count),
            let hash = BitDigits.base64.decode(parts[4]), hash.count == Self.hashLength
        else { return nil }
        self.text = text
        self.logarithm = logarithm
        self.blockSize = blockSize
        self.parallelism = parallelism
        self.salt = salt
        self.hash = hash
    }

    private init(logarithm: Int, salt: [UInt8], hash: [UInt8]) {
        self.logarithm = logarithm
        blockSize = 8
        parallelism = 1
        self.salt = salt
        self.hash = hash
        text = "$scrypt$ln=\(logarithm),r=8,p=1$\(BitDigits.base64.encode(salt))$\(BitDigits.base64.encode(hash))"
    }

    /// The hash of a new password, with a new salt. Blocks the thread.
    ///
    /// - Parameter logarithm: One of ``logarithms``.
    public static func derive(_ password: String, logarithm: Int = defaultLogarithm) throws(Failure) -> PasswordHash {
        guard logarithms.contains(logarithm) else { throw .cost }
        guard !password.utf8.contains(0) else { throw .password }
        let salt = SecretBytes.random(saltLength)
        guard let hash = scrypt(password, salt: salt, logarithm: logarithm, blockSize: 8, parallelism: 1) else { throw .memory }
        return PasswordHash(logarithm: logarithm, salt: salt, hash: hash)
    }

    /// The hash of no password: what an unknown user's password is compared with, so that the answer takes as long as a known user's.
    public static let decoy = decoy(logarithm: defaultLogarithm)

    /// A decoy for hashes of another cost; one out of bounds is moved to the nearest.
    public static func decoy(logarithm: Int) -> PasswordHash {
        let logarithm = min(max(logarithm, logarithms.lowerBound), logarithms.upperBound)
        return PasswordHash(logarithm: logarithm, salt: SecretBytes.random(saltLength), hash: SecretBytes.random(hashLength))
    }

    /// Whether `password` is the one. Blocks the thread; takes the same time for every password of a length. False also when there is no
    /// memory.
    ///
    /// No password with a NUL matches: scrypt begins with HMAC, which fills a short key up with NULs, so `x` and `x\0` would be the same.
    public func matches(_ password: String) -> Bool {
        guard !password.utf8.contains(0),
            let derived = Self.scrypt(password, salt: salt, logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
        else { return false }
        return SecretBytes.areEqual(derived, hash)
    }

    private static func scrypt(_ password: String, salt: [UInt8], logarithm: Int, blockSize: Int, parallelism: Int) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: hashLength, rounds: 1 << logarithm, blockSize: blockSize,
            parallelism: parallelism)
        return key?.withUnsafeBytes { Array($0) }
    }

    private static func parameter(_ name: String, _ text: Substring, in range: ClosedRange<Int>) -> Int? {
        let halves = text.split(separator: "=", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0] == name, let value = Int(halves[1]), String(value) == halves[1], range.contains(value) else {
            return nil
        }
        return value
    }
}

extension PasswordHash: CustomStringConvertible {
    /// Without salt and hash: this may come into a log.
    public var description: String { "$scrypt$ln=\(logarithm),r=\(blockSize),p=\(parallelism)$…" }
}
