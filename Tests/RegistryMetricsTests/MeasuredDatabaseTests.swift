import Database
import RegistryMetrics
import Testing

@Suite("A measured database")
struct MeasuredDatabaseTests {
    private struct Refusal: Error {}
    private struct Failure: Error {}

    /// A database that runs bodies and has no rows.
    private struct Base: SQLDatabase {
        struct Connection: SQLConnection {
            func rows(_ statement: SQL) throws -> [Row] { [] }
            func run(_ statement: SQL) throws -> Int { 3 }
        }

        func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
            try body(Connection())
        }

        func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
            try body(Connection())
        }

        func version() -> Int64? { 42 }
    }

    @Test("does what the one behind it does, and counts transactions with their outcome")
    func calls() async throws {
        let metrics = MetricsRegistry(version: "1")
        let database = MeasuredDatabase(Base(), metrics: metrics) { $0 is Refusal }
        #expect(try await database.read { try $0.rows("SELECT 1").count } == 0)
        #expect(try await database.write { try $0.run("DELETE FROM t") } == 3)
        await #expect(throws: Refusal.self) { try await database.write { _ in throw Refusal() } }
        await #expect(throws: Failure.self) { try await database.read { _ in throw Failure() } }
        #expect(database.version() == 42)
        #expect(
            metrics.lines("wharf_database_calls_total{") == [
                #"wharf_database_calls_total{call="read",outcome="ok"} 1"#,
                #"wharf_database_calls_total{call="read",outcome="failed"} 1"#,
                #"wharf_database_calls_total{call="write",outcome="ok"} 1"#,
                #"wharf_database_calls_total{call="write",outcome="refused"} 1"#,
                #"wharf_database_calls_total{call="write",outcome="failed"} 0"#,
            ])
        #expect(
            metrics.lines("wharf_database_call_seconds_count{") == [
                #"wharf_database_call_seconds_count{call="read"} 2"#, #"wharf_database_call_seconds_count{call="write"} 2"#,
            ])
    }
}
