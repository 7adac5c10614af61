import Database
import ImageModel

extension Catalog {
    /// The tags that name something which v1 can name: images, and manifests of images by the id that engines give them there.
    func tags(repository: Int64) throws -> [(name: String, imageID: String)] {
        try connection.rows(
            """
            SELECT tag.name, \(Self.taggedImage) AS image_id FROM tag \(Self.joinedManifests)
            WHERE tag.repository_id = \(repository) AND \(Self.taggedImage) IS NOT NULL ORDER BY tag.name
            """
        ).map { (try $0.text("name"), try $0.text("image_id")) }
    }

    func tag(_ tag: Tag, repository: Int64) throws -> TagDetails? {
        try connection.row(
            """
            SELECT \(Self.taggedImage) AS image_id, tag.updated_at, tag.docker_version, tag.docker_go_version, tag.arch, tag.os, tag.kernel
            FROM tag \(Self.joinedManifests)
            WHERE tag.repository_id = \(repository) AND tag.name = \(tag.text) AND \(Self.taggedImage) IS NOT NULL
            """
        ).map { row in
            TagDetails(
                imageID: try row.text("image_id"), updatedAt: try row.integer("updated_at"),
                agent: PushAgent(
                    dockerVersion: try row.textIfAny("docker_version"), goVersion: try row.textIfAny("docker_go_version"),
                    architecture: try row.textIfAny("arch"), operatingSystem: try row.textIfAny("os"), kernel: try row.textIfAny("kernel")))
        }
    }

    /// The id by which v1 knows what a tag names; that of an index is its image's.
    static let taggedImage: SQL = "coalesce(tag.image_id, manifest.image_id, platform.image_id)"
    static let joinedManifests: SQL = """
        LEFT JOIN manifest ON manifest.id = tag.manifest_id
        LEFT JOIN manifest AS platform ON platform.repository_id = manifest.repository_id AND platform.digest = manifest.platform_digest
        """

    /// One page of the names of tags, in the order of their bytes.
    func tagNames(repository: Int64, after last: String, limit: Int) throws -> [Tag] {
        try connection.rows(
            "SELECT name FROM tag WHERE repository_id = \(repository) AND name > \(last) ORDER BY name LIMIT \(limit)"
        ).compactMap { Tag(try $0.text("name")) }
    }

    /// Lets the tag name the content, and nothing else from then on.
    ///
    /// - Throws: ``RegistryError/tagImmutable(_:)`` when it names something else and may not be moved.
    func setTag(_ tag: Tag, to content: TagContent, by agent: PushAgent, of name: RepositoryName, repository: Int64, at time: Int64) throws
    {
        if isImmutable(tag, of: name), let found = try self.content(of: tag, repository: repository), found != content {
            throw RegistryError.tagImmutable(tag)
        }
        try connection.run(
            """
            INSERT INTO tag (repository_id, name, image_id, manifest_id, updated_at, docker_version, docker_go_version, arch, os, kernel)
            VALUES (\(repository), \(tag.text), \(content.imageID), \(content.manifestID), \(time), \(agent.dockerVersion),
                \(agent.goVersion), \(agent.architecture), \(agent.operatingSystem), \(agent.kernel))
            ON CONFLICT (repository_id, name) DO UPDATE SET image_id = excluded.image_id, manifest_id = excluded.manifest_id,
                updated_at = excluded.updated_at, docker_version = excluded.docker_version,
                docker_go_version = excluded.docker_go_version, arch = excluded.arch, os = excluded.os, kernel = excluded.kernel
            """)
    }

    private func content(of tag: Tag, repository: Int64) throws -> TagContent? {
        try connection.row("SELECT image_id, manifest_id FROM tag WHERE repository_id = \(repository) AND name = \(tag.text)").map(content)
    }

    /// What the tag names, if v1 knows that by this id.
    func content(of tag: Tag, shownAs id: ImageID, repository: Int64) throws -> TagContent? {
        try connection.row(
            """
            SELECT tag.image_id, tag.manifest_id FROM tag \(Self.joinedManifests)
            WHERE tag.repository_id = \(repository) AND tag.name = \(tag.text) AND \(Self.taggedImage) = \(id.text)
            """
        ).map(content)
    }

    private func content(_ row: Row) throws -> TagContent {
        if let id = try row.textIfAny("image_id") { return .image(id) }
        return .manifest(try row.integer("manifest_id"))
    }

    private func isImmutable(_ tag: Tag, of name: RepositoryName) -> Bool {
        policy.immutableTags.contains { $0.matches(name, tag) }
    }

    /// - Parameter manifest: only the tags that name it; nil: all of the repository.
    /// - Throws: ``RegistryError/tagImmutable(_:)`` when one of them may not be deleted.
    func checkDeletion(ofTagsIn repository: Int64, _ name: RepositoryName, naming content: TagContent? = nil) throws {
        guard !policy.immutableTags.isEmpty else { return }
        let condition: SQL =
            switch content {
            case nil: ""
            case .image(let id): "AND image_id = \(id)"
            case .manifest(let id): "AND manifest_id = \(id)"
            }
        for row in try connection.rows("SELECT name FROM tag WHERE repository_id = \(repository) \(condition) ORDER BY name") {
            if let tag = Tag(try row.text("name")), isImmutable(tag, of: name) { throw RegistryError.tagImmutable(tag) }
        }
    }

    /// False when there was no such tag.
    ///
    /// - Throws: ``RegistryError/tagImmutable(_:)``.
    func deleteTag(_ tag: Tag, of name: RepositoryName, repository: Int64) throws -> Bool {
        if isImmutable(tag, of: name), try content(of: tag, repository: repository) != nil { throw RegistryError.tagImmutable(tag) }
        return try connection.run("DELETE FROM tag WHERE repository_id = \(repository) AND name = \(tag.text)") == 1
    }

    func deleteTags(repository: Int64) throws {
        try connection.run("DELETE FROM tag WHERE repository_id = \(repository)")
    }
}

/// What a tag names.
enum TagContent: Equatable {
    case image(String)
    case manifest(Int64)

    var imageID: String? { if case .image(let id) = self { id } else { nil } }
    var manifestID: Int64? { if case .manifest(let id) = self { id } else { nil } }
}
