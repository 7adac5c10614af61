import ArgumentParser
import StorageFile
import StorageTrees

extension ImportCommand {
    struct Distribution: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "distribution",
            abstract: "Take over the storage folder of distribution, the registry of v2 (2.x and 3.x).",
            discussion: """
                Manifests come byte for byte, tagged or not, with the blobs that they name, compared with their digests; tags come with their \
                time. Repositories are as `new_repositories` says.

                With --link, blobs are not copied where that is possible. `hard` gives the file a second name, so nothing may write into the \
                old files any more (the old registry never does); `reflink` shares the bytes until one of the two is changed, which Btrfs, \
                XFS and bcachefs can. Both need the data folder on the file system of the tree.
                """)

        @Argument(help: "The folder that holds `docker/registry/v2` (`rootdirectory`), or that folder itself.")
        var path: String

        @Option(help: "Take blobs over without copying them, where possible: hard or reflink.")
        var link: Link?

        @OptionGroup var options: ImportOptions

        func run() async throws {
            let tree: DistributionTree
            do { tree = try DistributionTree(path: path) } catch { throw WrongUsage("\(Visible.text("\(error)"))") }
            try await options.run("import.distribution", from: path) { target in
                try await DistributionImport(tree: tree, target: target, adoption: link?.adoption).run()
            }
        }
    }
}

extension ImportCommand.Distribution {
    enum Link: String, CaseIterable, ExpressibleByArgument {
        case hard, reflink

        var adoption: FileStore.Adoption {
            switch self {
            case .hard: .hard
            case .reflink: .reflink
            }
        }
    }
}
