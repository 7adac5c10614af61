import ImageModel
import ImageRegistry
import StorageFile
import StorageTrees

/// Takes over a tree of distribution, repository by repository: manifests with the blobs that they name, then tags. The bytes of each blob are
/// read once at most, in however many repositories it is.
final class DistributionImport {
    let tree: DistributionTree
    let target: ImportTarget
    /// Nil: blobs are copied.
    let adoption: FileStore.Adoption?
    /// Blobs that were taken over without being copied, those that had to be copied all the same, and how many of these came one after another.
    var adopted = (taken: 0, copied: 0, refused: 0)
    private var report: ImportReport
    /// Of blobs whose bytes were read.
    var compared = BoundedMemo<Digest, Comparison>()

    init(tree: DistributionTree, target: ImportTarget, adoption: FileStore.Adoption?) {
        self.tree = tree
        self.target = target
        self.adoption = adoption
        report = ImportReport(of: .manifests, isDryRun: target.isDryRun)
    }

    /// What became of a manifest.
    enum Verdict {
        /// It is in the repository, or would be.
        case here
        case leftOut(Cause)
    }

    /// What is known of the repository that is being imported.
    struct Work {
        let name: RepositoryName
        let repository: DistributionRepository
        var verdicts: [Digest: Verdict] = [:]
        /// Blobs that would be in the repository by now, when nothing is written.
        var blobs: Set<Digest> = []
        var report: RepositoryImport
    }

    /// - Throws: what keeps anything from coming.
    func run() async throws -> ImportReport {
        var paths: [[String]] = [[]]
        while let path = paths.popLast() {
            let written = path.joined(separator: "/")
            do throws(TreeError) {
                let (folders, isRepository) = try tree.look(at: path)
                // No name is longer, so that nothing below can be a repository.
                guard written.utf8.count <= RepositoryName.lengthLimit else { throw .tooLarge(limit: RepositoryName.lengthLimit) }
                paths += folders.reversed().map { path + [$0] }
                guard isRepository else { continue }
            } catch {
                report.problems.append(Cause(error, "the folder", missing: .unreadable).problem(with: "repository \(written)"))
                continue
            }
            guard let name = RepositoryName(components: path) else {
                let cause = Cause(.invalidName, "a repository here has small letters, digits, `_`, `-` and `.`, and at most 255 bytes")
                report.problems.append(cause.problem(with: "repository \(written)"))
                continue
            }
            guard target.wants(name) else { continue }
            target.progress.begin(name.shown)
            do {
                report.repositories.append(try await bring(try tree.repository(at: path), as: name))
            } catch let error as TreeError {
                report.problems.append(Cause(error, "the folder", missing: .unreadable).problem(with: "repository \(written)"))
            }
        }
        noteAdoptions()
        return report
    }

    private func noteAdoptions() {
        guard let adoption else { return }
        let word = adoption == .hard ? "taken over by hard links" : "taken over by sharing their bytes"
        if adopted.taken > 0 { report.notes.append("\(adopted.taken) blobs were \(word)") }
        if adopted.copied > 0 {
            report.notes.append(
                "\(adopted.copied) blobs were copied, because they could not be \(word): the data folder is on another file system, or on one "
                    + "that cannot do that, or the server's user may not read the old files")
        }
    }

    private func bring(_ repository: DistributionRepository, as name: RepositoryName) async throws -> RepositoryImport {
        var work = Work(name: name, repository: repository, report: RepositoryImport(name: name.shown))
        let (digests, invalid) = try repository.manifests()
        for text in invalid {
            work.report.problems.append(Cause(.manifestInvalid, "its name is no digest").problem(with: "manifest \(text)"))
        }
        for digest in digests { _ = try await bring(digest, depth: 0, &work) }
        for name in try repository.tagNames() { try await bring(tag: name, &work) }
        return work.report
    }

    private func bring(tag written: String, _ work: inout Work) async throws {
        do {
            guard let tag = Tag(written) else {
                throw Cause(.tagInvalid, "the name of a tag has letters, digits, `_`, `-` and `.`, at most 128")
            }
            let (digest, updatedAt) = try work.repository.tag(written)
            if case .leftOut(let cause) = try await bring(digest, depth: 0, &work) {
                throw Cause(cause.reason, "its manifest \(digest.short) is left out: \(cause.words)")
            }
            let imported = ImportedTag(tag: tag, target: .manifest(digest), updatedAt: updatedAt, agent: .unknown)
            let outcome = try await target.registry.importTag(
                imported, to: ImportedRepository(work.name), isReplacing: target.isReplacing, isDryRun: target.isDryRun)
            switch outcome {
            case .present: work.report.tags.present += 1
            case .set, .moved: work.report.tags.added += 1
            case .kept: throw Cause.tagKept
            }
        } catch {
            let cause = try Cause(error, "its link", missing: .tagInvalid)
            work.report.tags.leftOut += 1
            work.report.problems.append(cause.problem(with: "tag \(written)"))
        }
    }
}

extension PushAgent {
    /// distribution does not write down who pushed.
    static let unknown = PushAgent(dockerVersion: nil, goVersion: nil, architecture: nil, operatingSystem: nil, kernel: nil)
}
