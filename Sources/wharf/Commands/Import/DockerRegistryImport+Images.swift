import ImageModel
import ImageRegistry
import StorageTrees

/// Images, each after its parent.
extension DockerRegistryImport {
    /// Brings the image with its ancestors, as far as they can come.
    func bring(_ id: ImageID, _ work: inout Work) async throws -> Verdict {
        var below = Verdict.here
        for id in try await walk(from: id, &work).reversed() {
            if let verdict = work.verdicts[id] {
                below = verdict
                continue
            }
            target.progress.step()
            var cause: Cause?
            if case .leftOut(let root, let reason) = below {
                cause = Cause(reason.reason, "it builds on image \(root.short), which is left out: \(reason.words)")
            } else {
                cause = try await add(id, &work)
                if let cause { below = .leftOut(root: id, cause) }
            }
            if let cause { leaveOut(id, cause, &work) }
            work.verdicts[id] = below
        }
        return below
    }

    private func leaveOut(_ id: ImageID, _ cause: Cause, _ work: inout Work) {
        work.report.contents.leftOut += 1
        work.report.problems.append(cause.problem(with: "image \(id)"))
    }

    /// The images from this one down to the first of which the verdict is known, that one included; of those that are here or cannot come, it
    /// is known afterwards.
    private func walk(from start: ImageID, _ work: inout Work) async throws -> [ImageID] {
        var chain: [ImageID] = []
        var next: ImageID? = start
        while let id = next, chain.last.flatMap({ work.verdicts[$0] }) == nil {
            let isRepeated = chain.contains(id)
            chain.append(id)
            if work.verdicts[id] != nil { break }
            if try await target.registry.holdsChain(of: id, in: work.name) {
                work.report.contents.present += 1
                work.verdicts[id] = .here
                break
            }
            do throws(Cause) {
                guard !isRepeated, chain.count <= target.settings.ancestry else {
                    throw Cause(
                        .ancestryBroken,
                        "its chain of parents has more than \(target.settings.ancestry) images (limits.ancestry), or no end")
                }
                next = try look(at: id).image.parent
            } catch {
                leaveOut(id, error, &work)
                work.verdicts[id] = .leftOut(root: id, error)
            }
        }
        let isWhole = chain.last.map { work.verdicts[$0] == nil } ?? true
        if work.verdicts[start] == nil, let cause = broken(ancestryOf: start, chain, isWhole: isWhole) {
            leaveOut(start, cause, &work)
            work.verdicts[start] = .leftOut(root: start, cause)
        }
        return chain
    }

    /// What engines pull is the list of ancestors that the old registry wrote; it has to be the chain of parents.
    ///
    /// - Parameter isWhole: whether the chain ends with its base.
    private func broken(ancestryOf id: ImageID, _ chain: [ImageID], isWhole: Bool) -> Cause? {
        do throws(TreeError) {
            guard let ancestry = try tree.image(id).ancestry() else { return nil }
            let isRight = isWhole ? ancestry == chain : ancestry.starts(with: chain)
            return isRight ? nil : Cause(.ancestryBroken, "its list of ancestors is not the chain of its parents")
        } catch .missing {
            // That the whole image is missing was found before.
            return nil
        } catch {
            return error == .wrongKind
                ? Cause(.ancestryBroken, "its list of ancestors is none")
                : Cause(error, "its list of ancestors", missing: .unreadable)
        }
    }

    /// What can be told of an image from its small files.
    private func look(at id: ImageID) throws(Cause) -> (files: DockerRegistryImage, image: V1Image, document: [UInt8]) {
        let files: DockerRegistryImage
        do throws(TreeError) { files = try tree.image(id) } catch { throw Cause(error, "its folder", missing: .imageMissing) }
        if files.isInProgress { throw Cause(.inProgress, "its push was never finished") }
        let document: [UInt8]
        do throws(TreeError) {
            document = try files.document(limit: target.settings.imageJSONSize)
        } catch {
            throw Cause(error, "its json", missing: .jsonMissing)
        }
        let image: V1Image
        do throws(V1Image.Refusal) { image = try V1Image(json: document) } catch { throw Cause(.jsonInvalid, error.words) }
        guard image.id == id else { throw Cause(.idDiffers, "its json is that of image \(image.id.short)") }
        do throws(TreeError) { _ = try files.layer() } catch { throw Cause(error, "its layer", missing: .layerMissing) }
        return (files, image, document)
    }

    /// Adds an image whose parent is here.
    ///
    /// - Returns: why not.
    private func add(_ id: ImageID, _ work: inout Work) async throws -> Cause? {
        do {
            if case .damaged(let cause)? = compared[id] { throw cause }
            let (files, image, document) = try look(at: id)
            if let existing = try await target.registry.completeDocument(of: id, in: work.name) {
                guard existing == document else { throw RegistryError.imageExists }
                work.report.contents.present += 1
                return nil
            }
            let layer = try files.layer()
            let imported = ImportedImage(image: image, document: document, layerSize: layer.size, sums: try files.checksums())
            work.report.bytes += try await store(imported, layer, in: work.repository)
            work.report.contents.added += 1
            return nil
        } catch {
            let cause = try Cause(error, "its layer", missing: .layerMissing)
            if cause.reason == .checksumDiffers { compared[id] = .damaged(cause) }
            return cause
        }
    }
}

extension DockerRegistryImport {
    /// - Returns: the bytes that had to be read.
    private func store(_ imported: ImportedImage, _ layer: TreeFile, in repository: ImportedRepository) async throws -> Int64 {
        let id = imported.image.id
        return try await target.retrying {
            // It would be in another repository by now, from which it could be had.
            if case .well? = compared[id], target.isDryRun, !imported.sums.isEmpty { return 0 }
            if try await target.registry.importStored(imported, to: repository, isDryRun: target.isDryRun) { return 0 }
            try await target.registry.importImage(
                imported, layer: TreeBytes(file: layer, progress: target.progress), to: repository, isDryRun: target.isDryRun)
            compared[id] = .well
            return layer.size
        }
    }
}

extension V1Image.Refusal {
    fileprivate var words: String {
        switch self {
        case .notJSON: "its json is no JSON object"
        case .noID: "its json has no id"
        case .invalidID: "the id in its json is none"
        case .invalidParent: "the parent in its json is no image id"
        }
    }
}
