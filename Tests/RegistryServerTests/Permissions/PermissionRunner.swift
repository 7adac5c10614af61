import Database

/// Sends the request of every cell of some rows, and gathers what is answered otherwise than the tables say.
struct PermissionRunner: Sendable {
    let world: PermissionWorld
    let server: AccountsServer
    /// Catalog and store as each request finds them.
    private let before: CatalogDump
    private let objects: StoreDump

    init(world: PermissionWorld, server: AccountsServer) async throws {
        self.world = world
        self.server = server
        before = try await CatalogDump(server.database)
        objects = try await StoreDump(world.store)
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
                var version = server.database.version()
                let answer = try await server.send(probe.head, probe.fields, body: probe.body)
                if let difference = expected.difference(from: answer, values: probe.repository.values, dialect: row.dialect) {
                    note("the program \(difference)")
                } else if expected.isRefusal || Self.telling.contains(word) {
                    let text = row.dialect == .v1 ? answer.comparable : answer.comparable(without: probe.named)
                    if let other = alike[word], other.answer != text {
                        note("and the answer is \(text), where for \(other.column) it is \(other.answer)")
                    }
                    alike[word] = (column, text)
                }
                let mayChange = !expected.isRefusal && !probe.head.hasPrefix("GET ")
                if let change = try await undo(since: version, hasBody: probe.body != nil), !mayChange {
                    note("and the request changes something: \(change)")
                }
                if probe.head.hasPrefix("GET ") {
                    version = server.database.version()
                    let head = try await server.send("HEAD" + probe.head.dropFirst(3), probe.fields)
                    if head.status != answer.status || !head.body.isEmpty { note("HEAD has \(head.status), and GET \(answer.status)") }
                    if let change = try await undo(since: version, hasBody: false), expected.isRefusal {
                        note("and HEAD changes something: \(change)")
                    }
                }
            }
        }
        return differences
    }

    /// Words for answers that are no refusals and must not tell one column from another all the same.
    private static let telling: Set<String> = ["unknown", "session"]

    /// Takes back what a request has changed, and says what it was; nil when nothing was.
    private func undo(since version: Int64?, hasBody: Bool) async throws -> String? {
        var changes: [String] = []
        if version == nil || server.database.version() != version {
            let after = try await CatalogDump(server.database)
            if after != before {
                try await before.restore(server.database)
                changes.append(before.difference(to: after))
            }
        }
        if hasBody || !changes.isEmpty {
            let after = try await StoreDump(world.store)
            if after.objects != objects.objects {
                try await objects.restore(world.store)
                changes.append(objects.difference(to: after))
            }
        }
        return changes.isEmpty ? nil : changes.joined(separator: "; ")
    }
}
