/// Compares passwords with what is stored: a few at once, on threads of their own, and each right one only once.
///
/// An unknown user's password is compared too, with a decoy, so that it takes as long to be told "no" as for a known user.
public final class PasswordChecker: Sendable {
    /// So many derivations wait already that this one would be answered too late.
    public typealias Busy = Turnstile.Full

    private let gate: DerivationGate
    private let verified: VerifiedCache
    private let decoy: StoredPassword
    private let compare: @Sendable (StoredPassword, String) -> Bool

    /// - Parameters:
    ///   - derivations: How many run at once; each takes the memory that its hash asks for (``PasswordHash``). At least one.
    ///   - waiting: How many wait at the most; further ones are ``Busy``.
    ///   - cached: Right passwords that are remembered; the half used last for certain.
    ///   - decoy: What an unknown user's password is compared with; of the kind and the cost of the real ones.
    public convenience init(
        derivations: Int, waiting: Int = 256, cached: Int = 10_000, decoy: StoredPassword = .scrypt(.decoy)
    ) {
        self.init(derivations: derivations, waiting: waiting, cached: cached, decoy: decoy) { $0.matches($1) }
    }

    init(
        derivations: Int, waiting: Int, cached: Int, decoy: StoredPassword,
        compare: @escaping @Sendable (StoredPassword, String) -> Bool
    ) {
        gate = DerivationGate(width: derivations, waiting: waiting)
        verified = VerifiedCache(limit: cached)
        self.decoy = decoy
        self.compare = compare
    }

    /// Whether `password` is the one of which `stored` was made.
    ///
    /// - Parameters:
    ///   - stored: As it was read for this request; nil if there is no such user, which costs the same and is false.
    ///   - decoy: Instead of the one given to the initialiser, where the real ones change in cost (a password file that was read anew).
    /// - Throws: ``Busy``, or `CancellationError` while it waits.
    public func verify(_ password: String, against stored: StoredPassword?, decoy: StoredPassword? = nil) async throws -> Bool {
        let candidate = stored ?? decoy ?? self.decoy
        guard !isVerified(password, against: candidate) else { return stored != nil }
        let isRight = try await gate.run { [self] in
            // Engines open with several requests at once; the first of them has answered the others.
            if isVerified(password, against: candidate) { return true }
            guard compare(candidate, password) else { return false }
            verified.insert(password, for: candidate.text)
            return true
        }
        return isRight && stored != nil
    }

    /// Whether ``verify(_:against:decoy:)`` has lately found `password` right for exactly this stored text. Takes about two microseconds
    /// and never waits, so an event loop may ask; false says nothing.
    public func isVerified(_ password: String, against stored: StoredPassword) -> Bool {
        verified.contains(password, for: stored.text)
    }

    /// The hash of a new password, of the cost of the decoy; made where passwords are compared, and counted with them.
    ///
    /// - Throws: ``Busy``, ``PasswordHash/Failure``, or `CancellationError` while it waits.
    public func hash(_ password: String) async throws -> PasswordHash {
        let logarithm = if case .scrypt(let hash) = decoy { hash.logarithm } else { PasswordHash.defaultLogarithm }
        return try await gate.run { try PasswordHash.derive(password, logarithm: logarithm) }
    }

    /// Derivations that wait for others; for logs and metrics.
    public var waiting: Int { gate.waiting }
}
