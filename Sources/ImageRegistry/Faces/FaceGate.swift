import Credentials
import ImageModel
import NIOConcurrencyHelpers

/// Lets what is derived be derived once, however many ask for it, and only a few faces at a time.
///
/// Whoever comes second waits for the first, and then finds what it has made. When the first gives up, because its client did, the second goes
/// on.
final class FaceGate: Sendable {
    enum Key: Hashable, Sendable {
        case face(Face, origin: String, label: String)
        /// A layer that is read, and perhaps packed anew.
        case layer(Digest)
    }

    /// Requests that may wait for one thing, and those that may wait to derive any face.
    private static let waiting = 1000

    private struct Door {
        let turnstile: Turnstile
        var users: Int
    }

    private let all: Turnstile
    private let doors = NIOLockedValueBox<[Key: Door]>([:])

    init(atOnce: Int) { all = Turnstile(width: atOnce, waiting: Self.waiting) }

    /// As ``once(_:found:make:)``, for what takes a place among the few.
    func pass<Value>(_ key: Key, found: () async throws -> Value?, derive: () async throws -> Value) async throws -> Value {
        try await once(key, found: found) { try await all.pass { _ in try await derive() } }
    }

    /// - Parameters:
    ///   - found: looks whether somebody has made it meanwhile.
    ///   - make: runs only when nobody has.
    /// - Throws: `Turnstile.Full`, `CancellationError`, and what the two throw.
    func once<Value>(_ key: Key, found: () async throws -> Value?, make: () async throws -> Value) async throws -> Value {
        let turnstile = doors.withLockedValue { doors in
            var door = doors[key] ?? Door(turnstile: Turnstile(width: 1, waiting: Self.waiting), users: 0)
            door.users += 1
            doors[key] = door
            return door.turnstile
        }
        defer {
            doors.withLockedValue { doors in
                doors[key]?.users -= 1
                if doors[key]?.users == 0 { doors[key] = nil }
            }
        }
        return try await turnstile.pass { _ in
            if let value = try await found() { return value }
            return try await make()
        }
    }
}
