import Database
import ImageModel

/// A repository's row, as far as the registry decides by it.
struct RepositoryRow {
    let id: Int64
    let isPrivate: Bool
}

extension Catalog {
    func repository(_ name: RepositoryName) throws -> RepositoryRow? {
        try connection.row("SELECT id, is_private FROM repository WHERE name = \(name.text)").map {
            RepositoryRow(id: try $0.integer("id"), isPrivate: try $0.bool("is_private"))
        }
    }

    /// The repository's id; the repository is made when it is missing.
    func ensureRepository(_ name: RepositoryName, at time: Int64) throws -> Int64 {
        try connection.run(
            """
            INSERT INTO repository (name, shown_name, is_private, created_at)
            VALUES (\(name.text), \(name.shown), \(policy.makesPrivateRepositories), \(time))
            ON CONFLICT (name) DO NOTHING
            """)
        guard let repository = try repository(name) else { throw RegistryError.repositoryUnknown }
        return repository.id
    }

    /// The name under which a caller's images stand that no repository has claimed; no request can write it. Each has an own, so that nobody
    /// can put images there for somebody else's repository to claim.
    static func unclaimed(by caller: Caller) -> String? {
        caller.isForAnyRepository ? "~\(caller.name ?? "")" : nil
    }

    /// Where the caller's images wait for a repository to claim them.
    func ensureUnclaimed(by caller: Caller, at time: Int64) throws -> Int64 {
        guard let name = Self.unclaimed(by: caller) else { throw RegistryError.repositoryNotNamed }
        try connection.run(
            """
            INSERT INTO repository (name, shown_name, is_private, created_at) VALUES (\(name), '', \(policy.makesPrivateRepositories), \(time))
            ON CONFLICT (name) DO NOTHING
            """)
        guard let id = try connection.row("SELECT id FROM repository WHERE name = \(name)")?.integer("id") else {
            throw RegistryError.imageUnknown
        }
        return id
    }

    func summaries(in namespace: String?) throws -> [RepositorySummary] {
        let named: SQL = namespace.map { "AND repository.name >= \("\($0)/") AND repository.name < \("\($0)0")" } ?? ""
        return try connection.rows("\(Self.summaryColumns) WHERE \(Self.isClaimed) \(named) ORDER BY repository.name").map(summary)
    }

    func summary(of name: RepositoryName) throws -> RepositorySummary? {
        try connection.row("\(Self.summaryColumns) WHERE repository.name = \(name.text)").map(summary)
    }

    private static let summaryColumns: SQL = """
        SELECT name, description, is_private, is_official, star_count, created_at,
            (SELECT count(*) FROM tag WHERE tag.repository_id = repository.id) AS tag_count,
            (SELECT count(*) FROM image WHERE image.repository_id = repository.id AND image.checksum IS NOT NULL AND image.is_derived = 0) AS image_count
        FROM repository
        """

    private func summary(_ row: Row) throws -> RepositorySummary {
        guard let name = RepositoryName(try row.text("name")) else { throw Row.Mismatch(column: "name", expected: "a repository's name") }
        return RepositorySummary(
            name: name, description: try row.text("description"), isPrivate: try row.bool("is_private"),
            isOfficial: try row.bool("is_official"), starCount: Int(try row.integer("star_count")),
            tagCount: Int(try row.integer("tag_count")), imageCount: Int(try row.integer("image_count")),
            createdAt: try row.integer("created_at"))
    }

    func describe(_ repository: Int64, _ text: String) throws {
        try connection.run("UPDATE repository SET description = \(text) WHERE id = \(repository)")
    }

    func setOfficial(_ isOfficial: Bool, repository: Int64) throws {
        try connection.run("UPDATE repository SET is_official = \(isOfficial) WHERE id = \(repository)")
    }

    func setStar(_ isSet: Bool, by user: Int64, repository: Int64) throws {
        try connection.run(
            isSet
                ? "INSERT INTO star (repository_id, user_id) VALUES (\(repository), \(user)) ON CONFLICT DO NOTHING"
                : "DELETE FROM star WHERE repository_id = \(repository) AND user_id = \(user)")
        try connection.run(
            """
            UPDATE repository SET star_count = (SELECT count(*) FROM star WHERE repository_id = \(repository))
            WHERE id = \(repository)
            """)
    }

    func setPrivate(_ isPrivate: Bool, repository: Int64) throws {
        try connection.run("UPDATE repository SET is_private = \(isPrivate) WHERE id = \(repository)")
    }

    func deleteRepository(_ repository: Int64) throws {
        try connection.run("DELETE FROM tag WHERE repository_id = \(repository)")
        try connection.run("DELETE FROM image WHERE repository_id = \(repository)")
        try connection.run("DELETE FROM manifest WHERE repository_id = \(repository)")
        try connection.run("DELETE FROM repository WHERE id = \(repository)")
    }

    /// One page of the repositories that the caller may pull and that hold an image or a manifest: their names as shown, in the order of
    /// their bytes.
    func shownNames(readableBy caller: Caller, after last: String, limit: Int) throws -> [RepositoryName] {
        try connection.rows(
            """
            SELECT repository.shown_name FROM repository
            WHERE repository.shown_name > \(last) AND \(readable(by: caller)) AND (
                EXISTS (SELECT 1 FROM manifest WHERE manifest.repository_id = repository.id)
                OR EXISTS (SELECT 1 FROM image WHERE image.repository_id = repository.id AND image.checksum IS NOT NULL))
            ORDER BY repository.shown_name LIMIT \(limit)
            """
        ).compactMap { RepositoryName(try $0.text("shown_name")) }
    }

    /// Adds images to the repository's list; a checksum replaces one that was there, no checksum leaves it.
    func declare(_ images: [DeclaredImage], repository: Int64) throws {
        let last = try connection.row(
            "SELECT coalesce(max(position), 0) AS last FROM repository_image WHERE repository_id = \(repository)")?.integer("last")
        for (position, image) in zip(((last ?? 0) + 1)..., images) {
            try connection.run(
                """
                INSERT INTO repository_image (repository_id, image_id, position, checksum)
                VALUES (\(repository), \(image.id.text), \(position), \(image.checksum?.text))
                ON CONFLICT (repository_id, image_id) DO UPDATE SET checksum = coalesce(excluded.checksum, repository_image.checksum)
                """)
        }
    }

    /// The repository's list: what was declared, in the order of declaration, then the images of tagged manifests. The checksum is the one that
    /// completed the image, else the declared.
    func listedImages(repository: Int64) throws -> [ListedImage] {
        let declared = try connection.rows(
            """
            SELECT declared.image_id, coalesce(image.checksum, declared.checksum) AS checksum
            FROM repository_image AS declared
            LEFT JOIN image ON image.repository_id = declared.repository_id AND image.image_id = declared.image_id
            WHERE declared.repository_id = \(repository) ORDER BY declared.position
            """)
        let tagged = try connection.rows(
            """
            SELECT DISTINCT \(Self.taggedImage) AS image_id, image.checksum FROM tag \(Self.joinedManifests)
            LEFT JOIN image ON image.repository_id = tag.repository_id AND image.image_id = \(Self.taggedImage)
            WHERE tag.repository_id = \(repository) AND tag.manifest_id IS NOT NULL AND \(Self.taggedImage) IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM repository_image AS declared
                    WHERE declared.repository_id = tag.repository_id AND declared.image_id = \(Self.taggedImage))
            ORDER BY image_id
            """)
        return try (declared + tagged).map { ListedImage(id: try $0.text("image_id"), checksum: try $0.textIfAny("checksum")) }
    }
}
