/// Complaints about SQL outside the places that it belongs to: the statements in `ImageRegistry/Catalog`, the version of the schema in
/// `Database/Migration.swift`, the contract of databases, and what only SQLite has (`PRAGMA`) in its driver.
func sqlComplaints(_ file: Repository.File) -> [String] {
    let homes = ["Sources/ImageRegistry/Catalog/", "Sources/Database/Migration.swift", "Sources/RegistryTesting/SQLDatabaseContract"]
    guard !homes.contains(where: { file.path.hasPrefix($0) }) else { return [] }
    let code = file.code
    // Regular expressions are slow in debug builds, and nearly no file needs one.
    var found = statements.filter { statement in statement.words.contains { code.contains($0) } }
        .flatMap { code.matches(of: $0.regex).map(\.range.lowerBound) }
    if file.path.hasPrefix("Sources/DatabaseSQLite/") {
        found.removeAll { code[$0...].hasPrefix("PRAGMA") }
    }
    let lines = Set(found.map { start in code[..<start].count { $0 == "\n" } + 1 })
    return lines.sorted().map { "\(file.path):\($0): SQL does not belong here" }
}

/// Capitals anywhere (people do not write so), or small letters at the start of a string.
private var statements: [(words: [String], regex: Regex<Substring>)] {
    [
        (["SELECT"], #/\bSELECT\b[^;]{1,400}?\bFROM\b/#),
        (
            ["INSERT", "DELETE", "UPDATE", "REPLACE"],
            #/\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|REPLACE\s+INTO)\b/#
        ),
        (
            ["CREATE", "ALTER", "DROP"],
            #/\b(?:CREATE|ALTER|DROP)\s+(?:UNIQUE\s+|VIRTUAL\s+|TEMP\s+|TEMPORARY\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)\b/#
        ),
        (["PRAGMA"], #/\bPRAGMA\b/#),
        (
            ["select ", "insert ", "update ", "delete ", "create ", "alter ", "drop "],
            #/"\s*(?:select\s[^"]+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|(?:create|alter|drop)\s+(?:table|index)\s)/#
        ),
    ]
}
