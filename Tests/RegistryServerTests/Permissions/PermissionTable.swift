import Foundation

/// The tables of Tests/Permissions; `legend.txt` there says how they are written.
struct PermissionTable: Sendable {
    struct Malformed: Error, Equatable {
        let file: String
        let line: Int
        let why: String
    }

    struct Row: Sendable {
        let file: String
        let line: Int
        /// The route's name in the program.
        let route: String
        /// Tells the rows of one route apart.
        let remark: String?
        /// `METHOD path`, as people read it.
        let signature: String
        fileprivate(set) var columns: [String] = []
        fileprivate(set) var answers: [String: PermissionAnswer]
        /// The words of each line, by caller.
        fileprivate(set) var lines: [TableCaller: [String]] = [:]
        fileprivate var isOfGroup: Set<TableCaller> = []

        var dialect: TableDialect { TableDialect(file: file) }

        var callers: [TableCaller] { TableCaller.allCases.filter { lines[$0] != nil } }

        /// The word in a cell, and the answer that it stands for.
        func cell(_ caller: TableCaller, _ column: Int) -> (word: String, answer: PermissionAnswer)? {
            guard let words = lines[caller], let word = words.count == 1 ? words.first : words[column], let answer = answers[word] else {
                return nil
            }
            return (word, answer)
        }

        /// The row with the lines of these callers only; all their cells say `word` instead, if there is one.
        func only(_ callers: [TableCaller], _ word: String? = nil) -> Row {
            var row = self
            row.lines = lines.filter { callers.contains($0.key) }
            if let word { row.lines = row.lines.mapValues { _ in [word] } }
            return row
        }
    }

    /// What holds for all rows of a file.
    private struct Context {
        var answers: [String: PermissionAnswer] = [:]
        var groups: [String: [TableCaller]] = [:]
        var everywhere: [TableCaller: String] = [:]
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Permissions")

    let rows: [Row]

    /// - Parameter changing: what to make of a file's text before it is read.
    init(_ names: [String], changing: (String) -> String = { $0 }) throws {
        var legend = Context()
        _ = try Self.read("legend", &legend, changing)
        var second = legend
        _ = try Self.read("v2-legend", &second, changing)
        rows = try names.flatMap { name in
            var context = TableDialect(file: name) == .v1 ? legend : second
            return try Self.read(name, &context, changing)
        }
    }

    private static func read(_ name: String, _ context: inout Context, _ changing: (String) -> String) throws -> [Row] {
        let text = changing(try String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8))
        var rows: [Row] = []
        var isEverywhere = false
        for (number, raw) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            let isComment = raw.hasPrefix("#")
            let line = isComment ? "" : (raw.firstRange(of: " # ").map { raw[..<$0.lowerBound] } ?? raw).trimmed
            func malformed(_ why: String) -> Malformed { Malformed(file: name, line: number, why: "\(why): \(line)") }
            let rest = line.dropFirst().trimmed
            switch line.first {
            case nil: continue
            case ">":
                let parts = rest.split(separator: "  ", maxSplits: 1).map(\.trimmed)
                let names = parts[0].split(separator: ",", maxSplits: 1).map(\.trimmed)
                guard parts.count == 2 else { throw malformed("no row") }
                rows.append(
                    Row(
                        file: name, line: number, route: names[0], remark: names.count > 1 ? names[1] : nil, signature: parts[1],
                        answers: context.answers))
            case "=":
                let word = String(rest.prefix { $0 != " " })
                guard let answer = PermissionAnswer(rest.dropFirst(word.count).trimmed) else { throw malformed("no answer") }
                if rows.isEmpty { context.answers[word] = answer } else { rows[rows.count - 1].answers[word] = answer }
            case "|":
                guard !rows.isEmpty else { throw malformed("no row for the columns") }
                rows[rows.count - 1].columns = rest.split(separator: " ").map(String.init)
            case "@":
                let (group, callers) = try pair(rest, malformed)
                context.groups[group, default: []] += try callers.split(separator: ",").map { text in
                    guard let caller = TableCaller(rawValue: text.trimmed) else { throw malformed("no caller \(text)") }
                    return caller
                }
            default:
                if line == "everywhere" {
                    isEverywhere = true
                    continue
                }
                let (who, cells) = try pair(line, malformed)
                guard let callers = context.groups[who] ?? TableCaller(rawValue: who).map({ [$0] }) else { throw malformed("no caller") }
                let words = cells.split(separator: " ").map(String.init)
                if rows.isEmpty {
                    guard isEverywhere, words.count == 1 else { throw malformed("no row") }
                    for caller in callers { context.everywhere[caller] = words[0] }
                } else {
                    try rows[rows.count - 1].take(words, for: callers, isGroup: context.groups[who] != nil, malformed)
                }
            }
        }
        for index in rows.indices {
            for (caller, word) in context.everywhere where rows[index].lines[caller] == nil { rows[index].lines[caller] = [word] }
        }
        return rows
    }

    private static func pair(_ text: String, _ malformed: (String) -> Malformed) throws -> (String, String) {
        let halves = text.split(separator: ":", maxSplits: 1).map(\.trimmed)
        guard halves.count == 2 else { throw malformed("no colon") }
        return (halves[0], halves[1])
    }
}

extension PermissionTable.Row {
    fileprivate mutating func take(
        _ words: [String], for callers: [TableCaller], isGroup: Bool, _ malformed: (String) -> PermissionTable.Malformed
    ) throws {
        guard words.count == 1 || words.count == columns.count else { throw malformed("\(columns.count) columns, \(words.count) cells") }
        if let unknown = words.first(where: { answers[$0] == nil }) { throw malformed("no answer is called \(unknown)") }
        for caller in callers {
            let wasOfGroup = isOfGroup.contains(caller)
            if lines[caller] != nil {
                guard wasOfGroup != isGroup else { throw malformed("a second line for \(caller.rawValue)") }
                if isGroup { continue }
            }
            lines[caller] = words
            if isGroup { isOfGroup.insert(caller) } else { isOfGroup.remove(caller) }
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String { String(self).trimmingCharacters(in: .whitespaces) }
}
