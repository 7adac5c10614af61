import ImageModel
import ImageRegistry
import StorageFile
import StorageTrees

/// The blobs that manifests name.
extension DistributionImport {
    /// - Parameter isOptional: whether the manifest may come without it.
    /// - Throws: ``Cause`` when it cannot come and has to.
    func bring(_ digest: Digest, isOptional: Bool, _ work: inout Work) async throws {
        do {
            try await bring(digest, &work)
        } catch {
            let cause = try Cause(error, "blob \(digest.short)", missing: .blobMissing)
            guard isOptional || target.settings.sparse == .any, [.blobMissing, .blobNotLinked].contains(cause.reason) else { throw cause }
        }
    }

    private func bring(_ digest: Digest, _ work: inout Work) async throws {
        guard !work.blobs.contains(digest) else { return }
        let (registry, name) = (target.registry, work.name)
        let presence = try await registry.presence(of: digest, in: name)
        guard presence != .linked else { return }
        // Without a link of its own, the repository has no right to the bytes: the old registry would not show them either.
        let source: Digest
        do throws(TreeError) {
            source = try work.repository.blob(digest)
        } catch .missing {
            throw Cause(.blobNotLinked, "blob \(digest.short) is not the repository's: it has no link in `_layers`")
        } catch {
            throw Cause(error, "the link of blob \(digest.short)", missing: .blobNotLinked)
        }
        if case .damaged(let cause)? = compared[digest] { throw cause }
        do {
            if presence == .stored, try await link(digest, to: name) {
                // Its bytes are here.
            } else if case .well? = compared[digest], target.isDryRun {
                // They would be by now.
            } else {
                let file = try tree.blob(source)
                try await target.retrying { try await take(file, as: digest, to: name) }
                work.report.bytes += file.size
                compared[digest] = .well
            }
            work.blobs.insert(digest)
        } catch {
            let cause = try Cause(error, "blob \(digest.short)", missing: .blobMissing)
            if cause.reason == .digestDiffers { compared[digest] = .damaged(cause) }
            throw cause
        }
    }

    private func link(_ digest: Digest, to name: RepositoryName) async throws -> Bool {
        if target.isDryRun { return true }
        return try await target.registry.linkStored(digest, to: name)
    }

    /// Compares the bytes with the digest, and stores them.
    private func take(_ file: TreeFile, as digest: Digest, to name: RepositoryName) async throws {
        let bytes = TreeBytes(file: file, progress: target.progress)
        let registry = target.registry
        guard !target.isDryRun else { return try await registry.check(bytes, against: digest) }
        // What was refused a few times will be refused for all of them, and each refusal has cost a look at the bytes.
        if let adoption, adopted.refused < 3 {
            let store = target.store
            let isTaken = try await registry.takeOver(bytes, size: file.size, as: digest, in: name) { key in
                try await store.adopt(file.descriptor, size: file.size, as: key, by: adoption)
            }
            adopted.refused = isTaken ? 0 : adopted.refused + 1
            if isTaken {
                adopted.taken += 1
                return
            }
        }
        try await registry.receiveBlob(bytes, announced: file.size, as: digest, in: name)
        if adoption != nil { adopted.copied += 1 }
    }
}
