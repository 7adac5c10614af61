import NIOCore
public import Storage

/// An object store whose calls are counted and timed; it does what the one behind it does.
///
/// Time that a call waits for whoever produces the bytes is left out. Listings are not counted, for they last as long as their reader likes;
/// neither is the reading of an open object, which mostly is the kernel's affair.
public struct MeasuredStore: ObjectStore {
    private let base: any ObjectStore
    private let metrics: MetricsRegistry

    public init(_ base: any ObjectStore, metrics: MetricsRegistry) {
        self.base = base
        self.metrics = metrics
    }

    public func open(_ key: ObjectKey) async throws -> StoredObject? {
        try await measure(.open, outcome: { $0 == nil ? .absent : .ok }, { _ in try await base.open(key) })
    }

    public func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws {
        try await measure(.write) { watch in
            try await base.write { writer in
                watch.stop()
                defer { watch.start() }
                return try await produce(Writer(base: writer, watch: watch))
            }
        }
    }

    public func append(
        to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void
    ) async throws -> AppendOutcome {
        try await measure(.append, outcome: { $0.failure.map { StoreOutcome($0, of: .append) } ?? .ok }) { watch in
            try await base.append(to: upload, at: offset) { writer in
                watch.stop()
                defer { watch.start() }
                try await produce(Writer(base: writer, watch: watch))
            }
        }
    }

    public func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws {
        try await measure(.finish) { _ in try await base.finish(upload, length: length, as: key) }
    }

    public func remove(_ key: ObjectKey) async throws { try await measure(.remove) { _ in try await base.remove(key) } }

    public func objects(under folder: ObjectKey?) -> ObjectListing { base.objects(under: folder) }

    public func check() async throws { try await measure(.check) { _ in try await base.check() } }

    private func measure<Value>(
        _ call: StoreCall, outcome: (Value) -> StoreOutcome = { _ in .ok }, _ body: (Stopwatch) async throws -> Value
    ) async throws -> Value {
        let watch = Stopwatch()
        do {
            let value = try await body(watch)
            metrics.record(call, outcome(value), seconds: watch.seconds)
            return value
        } catch {
            metrics.record(call, StoreOutcome(error, of: call), seconds: watch.seconds)
            throw error
        }
    }

    private struct Writer: ObjectWriter {
        let base: any ObjectWriter
        let watch: Stopwatch

        func write(_ pieces: [ByteBuffer]) async throws {
            watch.start()
            defer { watch.stop() }
            try await base.write(pieces)
        }
    }
}

extension StoreOutcome {
    /// What a call's error says: a driver's own are ``StoreError``s, so that others come from whoever produced the bytes.
    fileprivate init(_ error: any Error, of call: StoreCall) {
        switch error {
        case StoreError.noSpace: self = .full
        case StoreError.busy, StoreError.tooShort: self = .refused
        case is StoreError: self = .failed
        case is CancellationError: self = .abandoned
        default: self = call == .write || call == .append ? .abandoned : .failed
        }
    }
}
