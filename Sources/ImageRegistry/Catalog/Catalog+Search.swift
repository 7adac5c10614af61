import Database

extension Catalog {
    /// One page of the repositories whose name or description holds every one of `terms`, best first, and how many there are in all.
    ///
    /// Rank: the name itself, a name that begins so, a name with such a word, a name or description that holds it somewhere.
    func search(
        _ terms: [String], phrase: String, readableBy caller: Caller, offset: Int, limit: Int
    ) throws -> (total: Int, results: [SearchResult]) {
        let matches = SQL.joined([readable(by: caller)] + terms.map(Self.matches), by: " AND ")
        let total = try connection.row("SELECT count(*) AS total FROM repository WHERE \(matches)")?.integer("total") ?? 0
        let start = "\(Self.pattern(phrase))%"
        let word = "% \(Self.pattern(Self.spaced(phrase))) %"
        let anywhere = "%\(Self.pattern(phrase))%"
        let rows = try connection.rows(
            """
            SELECT shown_name, description, star_count, is_official, is_automated, is_trusted,
                CASE
                    WHEN lower(shown_name) = lower(\(phrase)) THEN 0
                    WHEN shown_name LIKE \(start) ESCAPE '\\' THEN 1
                    WHEN ' ' || replace(replace(replace(replace(shown_name, '/', ' '), '-', ' '), '_', ' '), '.', ' ') || ' '
                        LIKE \(word) ESCAPE '\\' THEN 2
                    WHEN shown_name LIKE \(anywhere) ESCAPE '\\' THEN 3
                    ELSE 4
                END AS rank
            FROM repository WHERE \(matches)
            ORDER BY rank, star_count DESC, shown_name LIMIT \(limit) OFFSET \(offset)
            """)
        let results = try rows.map { row in
            SearchResult(
                name: try row.text("shown_name"), description: try row.text("description"), starCount: Int(try row.integer("star_count")),
                isOfficial: try row.bool("is_official"), isAutomated: try row.bool("is_automated"), isTrusted: try row.bool("is_trusted"))
        }
        return (Int(total), results)
    }

    /// The trigram index knows nothing shorter than three letters; a scan answers those.
    private static func matches(_ term: String) -> SQL {
        if term.unicodeScalars.count >= 3 {
            let quoted = "\"\(term.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
            return "id IN (SELECT rowid FROM repository_text WHERE repository_text MATCH \(quoted))"
        }
        let anywhere = "%\(pattern(term))%"
        return "(shown_name LIKE \(anywhere) ESCAPE '\\' OR description LIKE \(anywhere) ESCAPE '\\')"
    }

    /// `text` as a LIKE pattern that means just itself.
    static func pattern(_ text: String) -> String {
        text.reduce(into: "") { pattern, character in
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
    }

    private static func spaced(_ text: String) -> String {
        String(text.map { "/-_.".contains($0) ? " " : $0 })
    }
}
