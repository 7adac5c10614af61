import Database
import ImageModel

/// The fence between a sweep that takes a blob's bytes away and a push that brings the same bytes.
///
/// A sweep first takes the blob's row and says in the same transaction that a removal is under way; then it takes the bytes; then it says
/// that this is done. A push waits as long as a removal of its digest is under way, lets its bytes appear, and writes its row only when no
/// other removal has begun since it looked. So no order of the two leaves a row without its bytes.
enum Removal {
    /// Looks at a removal that is under way, before a push gives up: removing a file takes much less.
    private static let looks = 50
    private static let pause = Duration.milliseconds(100)

    /// The number of the last removal of the digest, once none is under way; 0 when there was none.
    ///
    /// - Throws: ``RegistryError/removalUnderway`` when one does not come to its end.
    static func awaited(of digest: Digest, in database: any SQLDatabase) async throws -> Int64 {
        for look in 0..<looks {
            if look > 0 { try await Task.sleep(for: pause) }
            if let number = try await database.read({ try Catalog(connection: $0, policy: .open).removal(of: digest) }) { return number }
        }
        throw RegistryError.removalUnderway
    }
}
