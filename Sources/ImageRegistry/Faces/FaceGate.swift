import Credentials
import ImageModel
import NIOConcurrencyHelpers

/// Lets what is derived be derived once, however many ask for it, and only a few layers be read for it at a time.
///
/// Whoever comes second waits for the first, and then finds what it has made. When the first gives up, because its client did, the second goes
/// on. A face that takes no reading of layers waits for nobody else's.
final class FaceGate: Sendable {
    enum Key: Hashable, Sendable {
        case face(Face, origin: String, label: String)
        /// A layer that is read, and perhaps packed anew.
        case layer(Digest)
    }

    /// Requests that may wait for one thing, and layers that may wait to be read.
    private static let waiting = 1000

    private struct Door {
        let turnstile: Turnstile
        var users: Int
    }

    private let readers: Turnstile
    private let doors = NIOLockedValueBox<[Key: Door]>([:])

    /// - Parameter atOnce: layers that are read at a time.
    init(atOnce: Int) { readers = Turnstile(width: atOnce, waiting: Self.waiting) }

    /// Reads a layer, as one of the few.
    func reading<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await readers.pass { _ in try await body() }
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
