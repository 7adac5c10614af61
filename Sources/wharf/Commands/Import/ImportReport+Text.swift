extension ImportReport {
    /// For people.
    var text: String {
        var parts: [String] = []
        if !repositories.isEmpty {
            parts.append(Table.text(["REPOSITORY", "TAGS", kind.rawValue.uppercased(), "BYTES", "HERE BEFORE", "LEFT OUT"], rows))
        }
        if !isComplete { parts.append(Table.text(["LEFT OUT", "WHAT", "WHY"], problemRows)) }
        parts.append((notes + [summary]).map { "\($0)\n" }.joined())
        return parts.joined(separator: "\n")
    }

    private var rows: [[String]] {
        repositories.map { repository in
            [
                repository.name + (repository.isPrivate ? " (private)" : ""), "\(repository.tags.added)", "\(repository.contents.added)",
                "\(repository.bytes)", "\(repository.tags.present + repository.contents.present)", "\(repository.problems.count)",
            ]
        }
    }

    private var problemRows: [[String]] {
        problems.map { ["", $0.item, $0.detail] }
            + repositories.flatMap { repository in repository.problems.map { [repository.name, $0.item, $0.detail] } }
    }

    /// One line.
    var summary: String {
        func sum(_ count: (RepositoryImport) -> Int) -> Int { repositories.reduce(0) { $0 + count($1) } }
        let (tags, contents) = (sum(\.tags.added), sum(\.contents.added))
        let bytes = repositories.reduce(0) { $0 + $1.bytes }
        let present = sum { $0.tags.present + $0.contents.present }
        let leftOut = problems.count + sum(\.problems.count)
        return "\(isDryRun ? "would come" : "came"): \(tags) tags and \(contents) \(kind.rawValue) in \(repositories.count) repositories, "
            + "\(bytes) bytes; here before: \(present); left out: \(leftOut)"
    }
}
