import ImageModel
import ImageRegistry
import StorageTrees

/// Manifests, each after those that it lists.
extension DistributionImport {
    /// Indexes within indexes; nobody has more than two.
    private static let depthLimit = 16

    func bring(_ digest: Digest, depth: Int, _ work: inout Work) async throws -> Verdict {
        if let verdict = work.verdicts[digest] { return verdict }
        target.progress.step()
        let verdict: Verdict
        if try await target.registry.holdsManifest(digest, in: work.name) {
            work.report.contents.present += 1
            verdict = .here
        } else {
            do {
                guard depth < Self.depthLimit else {
                    throw Cause(.manifestInvalid, "it is an index in more than \(Self.depthLimit) others")
                }
                try await add(digest, depth: depth, &work)
                work.report.contents.added += 1
                verdict = .here
            } catch {
                let cause = try Cause(error, "its document", missing: .manifestMissing)
                work.report.contents.leftOut += 1
                work.report.problems.append(cause.problem(with: "manifest \(digest)"))
                verdict = .leftOut(cause)
            }
        }
        work.verdicts[digest] = verdict
        return verdict
    }

    private func add(_ digest: Digest, depth: Int, _ work: inout Work) async throws {
        let pushed = try await manifest(digest, in: work.repository)
        switch pushed.content {
        case .manifest(let manifest):
            for child in manifest.children where child.urls.isEmpty {
                if case .leftOut(let cause) = try await bring(child.digest, depth: depth + 1, &work), target.settings.sparse == .refuse {
                    throw Cause(cause.reason, "manifest \(child.digest.short), which it lists, is left out: \(cause.words)")
                }
            }
            for blob in manifest.blobs {
                try await bring(blob.digest, isOptional: blob.mediaType.isNondistributable || !blob.urls.isEmpty, &work)
            }
        case .schema1(let manifest):
            for blob in Set(manifest.entries.map(\.blobSum)) { try await bring(blob, isOptional: false, &work) }
        }
        guard !target.isDryRun else { return }
        try await target.registry.put(pushed, in: work.name, by: .unknown)
    }

    private func manifest(_ digest: Digest, in repository: DistributionRepository) async throws -> PushedManifest {
        let bytes = try document(of: digest, in: repository)
        let limit = target.settings.manifestReferences
        do throws(RegistryError) {
            return try PushedManifest(bytes, contentType: nil, named: digest, tags: [], descriptorLimit: limit)
        } catch .manifestUnverified {
            // Of schema 1, where versions up to 2.4 keep the signatures apart, and later ones none.
            let signed = try await target.registry.signedManifest(bytes, signatures: try signatures(of: digest, in: repository))
            return try PushedManifest(signed, contentType: nil, named: digest, tags: [], descriptorLimit: limit)
        }
    }

    /// The bytes behind the manifest's link, whole.
    private func document(of digest: Digest, in repository: DistributionRepository) throws -> [UInt8] {
        let blob: Digest
        do throws(TreeError) {
            blob = try repository.manifest(digest)
        } catch {
            throw Cause(error, "its link in the repository", missing: .manifestMissing)
        }
        return try contents(of: blob, "its document")
    }

    /// Those that are there: old versions collected signatures as garbage and left the links to them. The digest covers what was signed.
    private func signatures(of digest: Digest, in repository: DistributionRepository) throws -> [[UInt8]] {
        var signatures: [[UInt8]] = []
        for blob in try repository.signatures(of: digest) {
            do throws(Cause) {
                signatures.append(try contents(of: blob, "one of its signatures"))
            } catch {
                if error.reason != .manifestMissing { throw error }
            }
        }
        return signatures
    }

    private func contents(of blob: Digest, _ what: String) throws(Cause) -> [UInt8] {
        let bytes: [UInt8]
        do throws(TreeError) {
            bytes = try tree.blob(blob).contents(limit: target.settings.manifestSize)
        } catch {
            throw Cause(error, what, missing: .manifestMissing)
        }
        guard .of(bytes, blob.algorithm) == blob else { throw Cause(.digestDiffers, "\(what) is damaged: its bytes have another digest") }
        return bytes
    }
}
