import NIOCore
import RegistryMetrics
import Storage
import Testing

@Suite("A measured store")
struct MeasuredStoreTests {
    private struct Failure: Error, Equatable {}

    @Test("does what the one behind it does, and counts each call with its outcome")
    func calls() async throws {
        let metrics = MetricsRegistry(version: "1")
        let base = MemoryStore(now: { 7 })
        let store = MeasuredStore(base, metrics: metrics)
        let upload = try #require(ObjectKey("uploads", "u"))
        let object = try #require(ObjectKey("objects", "o"))

        #expect(try await store.open(object) == nil)
        let first = try await store.append(to: upload, at: 0) { try await $0.write([ByteBuffer(string: "half ")]) }
        #expect(first.length == 5)
        let second = try await store.append(to: upload, at: 5) { writer in
            try await writer.write([ByteBuffer(string: "done")])
            throw Failure()
        }
        #expect(second.length == 9)
        #expect(second.failure as? Failure == Failure())
        await #expect(throws: StoreError.tooShort(length: 9)) { try await store.append(to: upload, at: 10) { _ in } }
        try await store.finish(upload, length: 9, as: object)
        await #expect(throws: StoreError.tooShort(length: 0)) { try await store.finish(upload, length: 1, as: object) }
        #expect(try await store.open(object)?.size == 9)
        try await store.write { writer in
            try await writer.write([ByteBuffer(string: "new")])
            return object
        }
        await #expect(throws: Failure()) { try await store.write { _ in throw Failure() } }
        await #expect(throws: StoreError.noSpace) { try await store.write { _ in throw StoreError.noSpace } }
        try await store.check()
        var listed: [ListedObject] = []
        for try await object in store.objects(under: nil) { listed.append(object) }
        #expect(listed == [ListedObject(key: object, size: 3, modifiedAt: 7)])
        try await store.remove(object)
        #expect(try await base.open(object) == nil)

        #expect(
            metrics.lines("wharf_storage_calls_total{") == [
                #"wharf_storage_calls_total{call="open",outcome="ok"} 1"#,
                #"wharf_storage_calls_total{call="open",outcome="absent"} 1"#,
                #"wharf_storage_calls_total{call="open",outcome="failed"} 0"#,
                #"wharf_storage_calls_total{call="write",outcome="ok"} 1"#,
                #"wharf_storage_calls_total{call="write",outcome="full"} 1"#,
                #"wharf_storage_calls_total{call="write",outcome="abandoned"} 1"#,
                #"wharf_storage_calls_total{call="write",outcome="failed"} 0"#,
                #"wharf_storage_calls_total{call="append",outcome="ok"} 1"#,
                #"wharf_storage_calls_total{call="append",outcome="refused"} 1"#,
                #"wharf_storage_calls_total{call="append",outcome="abandoned"} 1"#,
                #"wharf_storage_calls_total{call="append",outcome="failed"} 0"#,
                #"wharf_storage_calls_total{call="finish",outcome="ok"} 1"#,
                #"wharf_storage_calls_total{call="finish",outcome="refused"} 1"#,
                #"wharf_storage_calls_total{call="finish",outcome="failed"} 0"#,
                #"wharf_storage_calls_total{call="remove",outcome="ok"} 1"#,
                #"wharf_storage_calls_total{call="remove",outcome="failed"} 0"#,
                #"wharf_storage_calls_total{call="check",outcome="ok"} 1"#,
                #"wharf_storage_calls_total{call="check",outcome="failed"} 0"#,
            ])
        #expect(
            metrics.lines("wharf_storage_call_seconds_count{") == [
                #"wharf_storage_call_seconds_count{call="open"} 2"#,
                #"wharf_storage_call_seconds_count{call="write"} 3"#,
                #"wharf_storage_call_seconds_count{call="append"} 3"#,
                #"wharf_storage_call_seconds_count{call="finish"} 2"#,
                #"wharf_storage_call_seconds_count{call="remove"} 1"#,
                #"wharf_storage_call_seconds_count{call="check"} 1"#,
            ])
    }

    @Test("waiting for whoever brings the bytes is not the store's time, its own slowness is")
    func time() async throws {
        let metrics = MetricsRegistry(version: "1")
        let object = try #require(ObjectKey("o"))
        try await MeasuredStore(MemoryStore(), metrics: metrics).write { writer in
            try await Task.sleep(for: .milliseconds(1500))
            try await writer.write([ByteBuffer(string: "at last")])
            return object
        }
        #expect(metrics.lines(#"wharf_storage_call_seconds_bucket{call="write",le="1"}"#).map { $0.suffix(2) } == [" 1"])
        try await MeasuredStore(SlowStore(), metrics: metrics).write { writer in
            try await writer.write([ByteBuffer(string: "slowly")])
            return object
        }
        #expect(metrics.lines(#"wharf_storage_call_seconds_bucket{call="write",le="1"}"#).map { $0.suffix(2) } == [" 1"])
        #expect(metrics.lines(#"wharf_storage_call_seconds_bucket{call="write",le="5"}"#).map { $0.suffix(2) } == [" 2"])
    }
}

/// A store whose disk takes its time.
private struct SlowStore: ObjectStore {
    private let base = MemoryStore()

    struct Writer: ObjectWriter {
        func write(_ pieces: [ByteBuffer]) async throws { try await Task.sleep(for: .milliseconds(1100)) }
    }

    func open(_ key: ObjectKey) async throws -> StoredObject? { try await base.open(key) }
    func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws { _ = try await produce(Writer()) }
    func append(
        to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void
    ) async throws -> AppendOutcome {
        try await base.append(to: upload, at: offset, produce)
    }
    func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws {
        try await base.finish(upload, length: length, as: key)
    }
    func remove(_ key: ObjectKey) async throws { try await base.remove(key) }
    func objects(under folder: ObjectKey?) -> ObjectListing { base.objects(under: folder) }
    func check() async throws {}
}

extension MetricsRegistry {
    /// The lines of the text that begin so.
    func lines(_ prefix: String) -> [String] {
        String(decoding: text(), as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix(prefix) }.map(String.init)
    }
}
