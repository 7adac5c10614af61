public import Database

/// A database whose transactions are counted and timed; it does what the one behind it does.
///
/// Asking for the version is not counted: that is done for each request, on the event loop.
public struct MeasuredDatabase: SQLDatabase {
    private let base: any SQLDatabase
    private let metrics: MetricsRegistry
    private let isRefusal: @Sendable (any Error) -> Bool

    /// - Parameter isRefusal: whether an error that a transaction ended with is an answer of the program's, rather than the database's failure.
    public init(_ base: any SQLDatabase, metrics: MetricsRegistry, isRefusal: @escaping @Sendable (any Error) -> Bool) {
        self.base = base
        self.metrics = metrics
        self.isRefusal = isRefusal
    }

    public func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await measure(.read) { try await base.read(body) }
    }

    public func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await measure(.write) { try await base.write(body) }
    }

    public func version() -> Int64? { base.version() }

    private func measure<Value: Sendable>(_ call: DatabaseCall, _ body: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        func record(_ outcome: DatabaseOutcome) { metrics.record(call, outcome, seconds: start.duration(to: .now) / .seconds(1)) }
        do {
            let value = try await body()
            record(.ok)
            return value
        } catch {
            record(error is CancellationError || isRefusal(error) ? .refused : .failed)
            throw error
        }
    }
}
