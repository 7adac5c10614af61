import Database

/// Sends the request of every cell of some rows, and gathers what is answered otherwise than the tables say.
struct PermissionRunner: Sendable {
    let world: PermissionWorld
    let server: AccountsServer
    /// The catalog as each request finds it.
    private let before: CatalogDump

    init(world: PermissionWorld, server: AccountsServer) async throws {
        self.world = world
        self.server = server
        before = try await CatalogDump(server.database)
    }

    func differences(_ row: PermissionTable.Row) async throws -> [String] {
        var differences: [String] = []
        for caller in row.callers {
            // By word: what has one word must look the same wherever it is a refusal.
            var alike: [String: (column: String, answer: [String])] = [:]
            for (index, column) in row.columns.enumerated() {
                guard let (word, expected) = row.cell(caller, index) else { continue }
                let probe = try world.probe(row, caller, column: column)
                func note(_ text: String) {
                    let name = [row.route, row.remark].compactMap(\.self).joined(separator: ", ")
                    differences.append(
                        "\(row.file).txt:\(row.line) \(name) · \(caller.rawValue) · \(column): the table says \(word), \(text)")
                }
                let version = server.database.version()
                let answer = try await server.send(probe.head, probe.fields, body: probe.body)
                if let difference = expected.difference(from: answer, values: probe.repository.values) {
                    note("the program \(difference)")
                } else if expected.isRefusal || word == "unknown" {
                    if let other = alike[word], other.answer != answer.comparable {
                        note("and the answer is \(answer.comparable), where for \(other.column) it is \(other.answer)")
                    }
                    alike[word] = (column, answer.comparable)
                }
                let mayChange = !expected.isRefusal && !probe.head.hasPrefix("GET ")
                if let change = try await undo(since: version), !mayChange { note("and the catalog is changed: \(change)") }
                if probe.head.hasPrefix("GET ") {
                    let head = try await server.send("HEAD" + probe.head.dropFirst(3), probe.fields)
                    if head.status != answer.status || !head.body.isEmpty { note("HEAD has \(head.status), and GET \(answer.status)") }
                }
            }
        }
        return differences
    }

    /// Takes back what a request has changed, and says what it was; nil when nothing was.
    private func undo(since version: Int64?) async throws -> String? {
        guard version == nil || server.database.version() != version else { return nil }
        let after = try await CatalogDump(server.database)
        guard after != before else { return nil }
        try await before.restore(server.database)
        return before.difference(to: after)
    }
}
