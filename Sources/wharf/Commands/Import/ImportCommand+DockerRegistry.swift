import ArgumentParser
import DatabaseSQLite
import FoundationEssentials
import ImageRegistry
import StorageTrees

extension ImportCommand {
    struct DockerRegistry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "docker-registry",
            abstract: "Take over the storage folder of docker-registry, the registry of v1 (0.5 to 0.9).",
            discussion: """
                Images come with every byte of their JSON and layers, compared with the sums that the old registry kept; tags come with their \
                time and the client that set them. What is marked private is private here. Everything else is as `new_repositories` says.
                """)

        @Argument(help: "The folder that holds `images` and `repositories` (`storage_path`).")
        var path: String

        @Option(help: ArgumentHelp("The old registry's SQLite file of what its search finds, for the descriptions.", valueName: "file"))
        var searchIndex: String?

        @OptionGroup var options: ImportOptions

        func run() async throws {
            let tree: DockerRegistryTree
            do { tree = try DockerRegistryTree(path: path) } catch { throw WrongUsage("\(Visible.text("\(error)"))") }
            try await withDescriptions { index in
                try await options.run("import.docker_registry", from: path) { target in
                    try await DockerRegistryImport(tree: tree, target: target, index: index).run()
                }
            }
        }

        /// SQLite would write beside the file, so a copy is opened.
        private func withDescriptions(_ body: (SearchIndex?) async throws -> Void) async throws {
            guard let searchIndex else { return try await body(nil) }
            try await TemporaryFolder.lend { folder in
                let copy = "\(folder)/index.sqlite"
                let database: SQLiteDatabase
                do {
                    try FileManager.default.copyItem(atPath: searchIndex, toPath: copy)
                    database = try SQLiteDatabase(path: copy)
                    try await SearchIndex(database).check()
                } catch {
                    throw WrongUsage("\(Visible.text(searchIndex)) is no search index of docker-registry: \(error)")
                }
                defer { try? database.close() }
                try await body(SearchIndex(database))
            }
        }
    }
}
