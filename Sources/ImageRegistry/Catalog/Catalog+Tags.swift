import Database
import ImageModel

extension Catalog {
    func tags(repository: Int64) throws -> [(name: String, imageID: String)] {
        try connection.rows("SELECT name, image_id FROM tag WHERE repository_id = \(repository) ORDER BY name").map {
            (try $0.text("name"), try $0.text("image_id"))
        }
    }

    func tag(_ tag: Tag, repository: Int64) throws -> TagDetails? {
        try connection.row(
            """
            SELECT image_id, updated_at, docker_version, docker_go_version, arch, os, kernel FROM tag
            WHERE repository_id = \(repository) AND name = \(tag.text)
            """
        ).map { row in
            TagDetails(
                imageID: try row.text("image_id"), updatedAt: try row.integer("updated_at"),
                agent: PushAgent(
                    dockerVersion: try row.textIfAny("docker_version"), goVersion: try row.textIfAny("docker_go_version"),
                    architecture: try row.textIfAny("arch"), operatingSystem: try row.textIfAny("os"), kernel: try row.textIfAny("kernel")))
        }
    }

    func setTag(_ tag: Tag, to id: ImageID, by agent: PushAgent, repository: Int64, at time: Int64) throws {
        try connection.run(
            """
            INSERT INTO tag (repository_id, name, image_id, updated_at, docker_version, docker_go_version, arch, os, kernel)
            VALUES (\(repository), \(tag.text), \(id.text), \(time), \(agent.dockerVersion), \(agent.goVersion), \(agent.architecture),
                \(agent.operatingSystem), \(agent.kernel))
            ON CONFLICT (repository_id, name) DO UPDATE SET image_id = excluded.image_id, updated_at = excluded.updated_at,
                docker_version = excluded.docker_version, docker_go_version = excluded.docker_go_version, arch = excluded.arch,
                os = excluded.os, kernel = excluded.kernel
            """)
    }

    /// False when there was no such tag.
    func deleteTag(_ tag: Tag, repository: Int64) throws -> Bool {
        try connection.run("DELETE FROM tag WHERE repository_id = \(repository) AND name = \(tag.text)") == 1
    }

    func deleteTags(repository: Int64) throws {
        try connection.run("DELETE FROM tag WHERE repository_id = \(repository)")
    }
}
