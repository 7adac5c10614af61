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
            INSERT INTO repository (name, shown_name, created_at) VALUES (\(name.text), \(name.shown), \(time))
            ON CONFLICT (name) DO NOTHING
            """)
        guard let repository = try repository(name) else { throw RegistryError.repositoryUnknown }
        return repository.id
    }

    /// The name under which images stand that no repository has claimed; no request can write it.
    static let unclaimed = ""

    /// Where images wait for a repository to claim them.
    func ensureUnclaimed(at time: Int64) throws -> Int64 {
        try connection.run(
            """
            INSERT INTO repository (name, shown_name, created_at) VALUES (\(Self.unclaimed), '', \(time)) ON CONFLICT (name) DO NOTHING
            """)
        guard let id = try connection.row("SELECT id FROM repository WHERE name = \(Self.unclaimed)")?.integer("id") else {
            throw RegistryError.imageUnknown
        }
        return id
    }

    func setPrivate(_ isPrivate: Bool, repository: Int64) throws {
        try connection.run("UPDATE repository SET is_private = \(isPrivate) WHERE id = \(repository)")
    }

    func deleteRepository(_ repository: Int64) throws {
        try connection.run("DELETE FROM tag WHERE repository_id = \(repository)")
        try connection.run("DELETE FROM image WHERE repository_id = \(repository)")
        try connection.run("DELETE FROM repository WHERE id = \(repository)")
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

    /// The repository's list in the order of declaration; the checksum is the one that completed the image, else the declared.
    func listedImages(repository: Int64) throws -> [ListedImage] {
        try connection.rows(
            """
            SELECT declared.image_id, coalesce(image.checksum, declared.checksum) AS checksum
            FROM repository_image AS declared
            LEFT JOIN image ON image.repository_id = declared.repository_id AND image.image_id = declared.image_id
            WHERE declared.repository_id = \(repository) ORDER BY declared.position
            """
        ).map { ListedImage(id: try $0.text("image_id"), checksum: try $0.textIfAny("checksum")) }
    }
}
