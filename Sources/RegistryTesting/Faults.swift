public import Database
import NIOConcurrencyHelpers
import NIOCore
public import Storage

/// What a fault throws.
public struct InjectedFault: Error, Equatable {
    public init() {}
}

/// Counts calls and fails one of them, as a machine does that is switched off at that moment.
public final class FaultCounter: Sendable {
    private let state: NIOLockedValueBox<(calls: Int, failing: Int?)>

    /// - Parameter failing: which call fails, counted from 1; nil: none.
    public init(failing: Int?) { state = NIOLockedValueBox((0, failing)) }

    public var calls: Int { state.withLockedValue { $0.calls } }

    func step() throws {
        try state.withLockedValue { state in
            state.calls += 1
            if state.calls == state.failing { throw InjectedFault() }
        }
    }
}

/// A database that fails at a call's beginning, or after its commit: then the caller hears of a failure, and the change is there all the same.
public struct FailingDatabase: SQLDatabase {
    let base: any SQLDatabase
    let counter: FaultCounter

    public init(_ base: any SQLDatabase, counter: FaultCounter) {
        self.base = base
        self.counter = counter
    }

    public func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try counter.step()
        return try await base.read(body)
    }

    public func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try counter.step()
        let value = try await base.write(body)
        try counter.step()
        return value
    }

    public func version() -> Int64? { base.version() }
}

/// An object store that fails at a call's beginning, at a piece that is written, or after the call has had its effect.
public struct FailingStore: ObjectStore {
    let base: any ObjectStore
    let counter: FaultCounter

    public init(_ base: any ObjectStore, counter: FaultCounter) {
        self.base = base
        self.counter = counter
    }

    public func open(_ key: ObjectKey) async throws -> StoredObject? {
        try counter.step()
        return try await base.open(key)
    }

    public func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws {
        try counter.step()
        try await base.write { writer in
            let key = try await produce(Writer(base: writer, counter: counter))
            try counter.step()
            return key
        }
        try counter.step()
    }

    public func append(
        to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void
    ) async throws -> AppendOutcome {
        try counter.step()
        let counter = self.counter
        let outcome = try await base.append(to: upload, at: offset) { try await produce(Writer(base: $0, counter: counter)) }
        try counter.step()
        return outcome
    }

    public func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws {
        try counter.step()
        try await base.finish(upload, length: length, as: key)
        try counter.step()
    }

    public func remove(_ key: ObjectKey) async throws {
        try counter.step()
        try await base.remove(key)
        try counter.step()
    }

    public func objects(under folder: ObjectKey?) -> ObjectListing {
        do { try counter.step() } catch { return AsyncThrowingStream { $0.finish(throwing: error) } }
        return base.objects(under: folder)
    }

    public func check() async throws { try await base.check() }

    private struct Writer: ObjectWriter {
        let base: any ObjectWriter
        let counter: FaultCounter

        func write(_ pieces: [ByteBuffer]) async throws {
            try counter.step()
            try await base.write(pieces)
        }
    }
}
