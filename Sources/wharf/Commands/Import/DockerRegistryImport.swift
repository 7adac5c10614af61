import ImageModel
import ImageRegistry
import StorageTrees

/// Takes over a tree of docker-registry, repository by repository (v1.md §8). Images of one id are the same in all of its repositories, so the
/// bytes of each are read once at most, unless the old registry kept no sum of them.
final class DockerRegistryImport {
    let tree: DockerRegistryTree
    let target: ImportTarget
    private let index: SearchIndex?
    private var report: ImportReport
    /// Of images whose layers were read.
    var compared = BoundedMemo<ImageID, Comparison>()

    init(tree: DockerRegistryTree, target: ImportTarget, index: SearchIndex?) {
        self.tree = tree
        self.target = target
        self.index = index
        report = ImportReport(of: .images, isDryRun: target.isDryRun)
    }

    /// What became of an image.
    enum Verdict {
        /// It is in the repository, or would be.
        case here
        /// - Parameter root: the image that is damaged: itself, or the nearest of its ancestors.
        case leftOut(root: ImageID, Cause)
    }

    /// What is known of the repository that is being imported.
    struct Work {
        let repository: ImportedRepository
        /// Of each image of it that was looked at.
        var verdicts: [ImageID: Verdict] = [:]
        var report: RepositoryImport

        var name: RepositoryName { repository.name }
    }

    /// - Throws: what keeps anything from coming.
    func run() async throws -> ImportReport {
        for namespace in all({ () throws(TreeError) in try tree.namespaceFolders() }, "the folder of repositories") {
            for entry in all({ () throws(TreeError) in try tree.repositories(in: namespace) }, "the namespace \(namespace)") {
                guard let name = entry.name else {
                    let cause = Cause(.invalidName, "a repository here has small letters, digits, `_`, `-` and `.`, and at most 255 bytes")
                    report.problems.append(cause.problem(with: "repository \(namespace)/\(entry.folder)"))
                    continue
                }
                guard target.wants(name) else { continue }
                target.progress.begin(name.shown)
                do {
                    report.repositories.append(try await bring(try tree.open(entry), as: name))
                } catch let error as TreeError {
                    report.problems.append(
                        Cause(error, "the folder", missing: .unreadable).problem(with: "repository \(name.shown)"))
                }
            }
        }
        return report
    }

    /// None, and a problem, when they cannot be listed.
    private func all<Element>(_ list: () throws(TreeError) -> [Element], _ what: String) -> [Element] {
        do throws(TreeError) {
            return try list()
        } catch {
            report.problems.append(Cause(error, what, missing: .unreadable).problem(with: "repositories"))
            return []
        }
    }

    private func bring(_ repository: DockerRegistryRepository, as name: RepositoryName) async throws -> RepositoryImport {
        let imported = ImportedRepository(name, isPrivate: repository.isPrivate, description: try await description(of: name))
        var work = Work(repository: imported, report: RepositoryImport(name: name.shown))
        work.report.isPrivate = repository.isPrivate
        var ids: [ImageID] = []
        do throws(TreeError) {
            ids = try repository.listedImages()
        } catch {
            work.report.problems.append(Cause(error, "the list of images", missing: .unreadable).problem(with: "repository"))
        }
        for file in repository.tagFiles {
            if let id = try await bring(tagFile: file, of: repository, &work) { ids.append(id) }
        }
        for id in ids { _ = try await bring(id, &work) }
        try await list(ids, work)
        return work.report
    }

    /// - Returns: the image that the tag names.
    private func bring(tagFile: String, of repository: DockerRegistryRepository, _ work: inout Work) async throws -> ImageID? {
        let written = "tag \(tagFile.dropFirst("tag_".count))"
        func leaveOut(_ cause: Cause) {
            work.report.tags.leftOut += 1
            work.report.problems.append(cause.problem(with: written))
        }
        do {
            switch try repository.tag(tagFile) {
            case .metadata: return nil
            case .invalidName: leaveOut(Cause(.tagInvalid, "the name of a tag has letters, digits, `_`, `-` and `.`, at most 128"))
            case .invalidContent: leaveOut(Cause(.tagInvalid, "it names no image"))
            case .tag(let tag, let id, let metadata):
                if case .leftOut(let root, let cause) = try await bring(id, &work) {
                    let relation = root == id ? "" : " builds on image \(root.short), which"
                    leaveOut(Cause(cause.reason, "its image \(id.short)\(relation) is left out: \(cause.words)"))
                } else if let cause = try await set(ImportedTag(tag, id, metadata), &work) {
                    leaveOut(cause)
                }
                return id
            }
        } catch {
            leaveOut(try Cause(error, "the file", missing: .unreadable))
        }
        return nil
    }

    /// - Returns: why not.
    private func set(_ tag: ImportedTag, _ work: inout Work) async throws -> Cause? {
        let outcome = try await target.registry.importTag(
            tag, to: work.repository, isReplacing: target.isReplacing, isDryRun: target.isDryRun)
        switch outcome {
        case .present: work.report.tags.present += 1
        case .set, .moved: work.report.tags.added += 1
        case .kept: return .tagKept
        }
        return nil
    }

    /// Engines look for an image in the repository's list before they pull it.
    private func list(_ ids: [ImageID], _ work: Work) async throws {
        guard !target.isDryRun else { return }
        var seen: Set<ImageID> = []
        let here = ids.filter { id in
            guard case .here = work.verdicts[id] else { return false }
            return seen.insert(id).inserted
        }
        guard !here.isEmpty else { return }
        try await target.registry.importList(here, to: work.name)
    }

    private func description(of name: RepositoryName) async throws -> String? {
        guard let text = try await index?.description(of: name) else { return nil }
        return try? Grammar.description(text)
    }
}

extension Cause {
    static let tagKept = Cause(.tagKept, "it names something else here, and is kept (--replace-tags moves it)")
}

extension ImportedTag {
    fileprivate init(_ tag: Tag, _ id: ImageID, _ metadata: TagMetadata) {
        self.init(
            tag: tag, target: .image(id), updatedAt: metadata.updatedAt,
            agent: PushAgent(
                dockerVersion: metadata.dockerVersion, goVersion: metadata.goVersion, architecture: metadata.architecture,
                operatingSystem: metadata.operatingSystem, kernel: metadata.kernel))
    }
}
