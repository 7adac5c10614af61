import ImageModel
import NIOConcurrencyHelpers
import Storage

extension Registry {
    /// Takes what nobody needs any more: links, blobs and uploads whose time is over, and objects that a crash has left behind.
    ///
    /// Clients may push and pull meanwhile; several sweeps at once do no harm. What is taken is taken in small transactions, and the bytes
    /// go after the row (``Removal``).
    public func sweep(_ options: SweepOptions, isDryRun: Bool) async throws -> SweepReport {
        try await Sweep(registry: self, options: options, time: now(), isDryRun: isDryRun).run()
    }
}

private struct Sweep {
    /// Rows in one transaction.
    private static let pageSize = 500
    /// Seconds after which a removal that was not ended was given up by whoever began it.
    private static let removalLife: Int64 = 600

    let registry: Registry
    let options: SweepOptions
    /// When the sweep began, in seconds since 1970.
    let time: Int64
    let isDryRun: Bool

    /// What was idle before then goes.
    private var graceEnd: Int64 { time - options.grace }

    func run() async throws -> SweepReport {
        var report = SweepReport()
        if !isDryRun { try await endAbandonedRemovals() }
        report.images = try await images()
        report.faces = try await faces()
        report.links = try await links()
        if !isDryRun { try await markOrphans() }
        report.removed = try await blobs()
        report.uploads = try await uploads()
        report.strays = try await strayBlobs() + strayUploads()
        let (named, unnamed) = try await registry.read { try $0.blobTallies() }
        let graceEnd = graceEnd
        let behind = isDryRun ? try await registry.read { try $0.blobsBehindIdleLinks(before: graceEnd) } : SweepTally()
        report.derived = try await registry.read { try $0.derivedBlobs() }
        report.live = SweepTally(count: named.count - behind.count, bytes: named.bytes - behind.bytes)
        let taken = isDryRun ? report.removed : SweepTally()
        report.waiting = SweepTally(
            count: unnamed.count + behind.count - taken.count, bytes: unnamed.bytes + behind.bytes - taken.bytes)
        return report
    }

    // MARK: - Rows

    private func images() async throws -> Int {
        let end = time - options.uploadLife
        guard !isDryRun else { return try await registry.read { try $0.unclaimedImageCount(before: end) } }
        var total = 0
        while true {
            let count = try await registry.write { try $0.deleteUnclaimedImages(before: end) }
            if count == 0 { return total }
            total += count
        }
    }

    /// Derived manifests and images whose origin is gone; images from the top of a chain down.
    private func faces() async throws -> Int {
        guard !isDryRun else { return try await registry.read { try $0.unusedFaceCount() } }
        var total = try await registry.write { try $0.deleteUnusedManifests() }
        while true {
            let count = try await registry.write { try $0.deleteUnusedImages() }
            if count == 0 { return total }
            total += count
        }
    }

    private func links() async throws -> Int {
        var total = 0
        var last: Catalog.Link?
        while true {
            let position = last
            let end = graceEnd
            let page = try await registry.read { try $0.idleLinks(before: end, after: position, limit: Self.pageSize) }
            last = page.last
            guard last != nil else { return total }
            total += isDryRun ? page.count : try await registry.write { catalog in try page.count { try catalog.drop($0, before: end) } }
            try Task.checkCancellation()
        }
    }

    private func markOrphans() async throws {
        while true {
            let page = try await registry.read { try $0.newOrphans(limit: Self.pageSize) }
            guard !page.isEmpty else { return }
            let time = time
            try await registry.write { catalog in for digest in page { try catalog.markOrphaned(digest, at: time) } }
            try Task.checkCancellation()
        }
    }

    private func blobs() async throws -> SweepTally {
        var tally = SweepTally()
        var last = ""
        while true {
            let position = last
            let end = graceEnd
            let time = time
            let page = try await registry.read { try $0.orphans(before: end, after: position, limit: Self.pageSize) }
            guard let final = page.last else { return tally }
            last = final.digest.description
            let taken =
                isDryRun
                ? page
                : try await registry.write { catalog in try page.filter { try catalog.removeOrphan($0.digest, before: end, at: time) } }
            for blob in taken { tally.add(blob.size) }
            if !isDryRun { try await removeBytes(of: taken.map(\.digest)) }
            try Task.checkCancellation()
        }
    }

    private func uploads() async throws -> SweepTally {
        var tally = SweepTally()
        var last = ""
        let end = time - options.uploadLife
        while true {
            let position = last
            let page = try await registry.read { try $0.staleUploads(before: end, after: position, limit: Self.pageSize) }
            guard let final = page.last else { return tally }
            last = final.id.text
            for upload in page {
                if !isDryRun {
                    guard try await registry.write({ try $0.endStaleUpload(upload.id, before: end) }) else { continue }
                    registry.hashes.forget(upload.id)
                    try await registry.blobs.remove(upload.id)
                }
                tally.add(upload.length)
            }
            try Task.checkCancellation()
        }
    }

    // MARK: - Bytes

    /// Takes the bytes of blobs whose removal is said to be under way.
    private func removeBytes(of digests: [Digest]) async throws {
        for digest in digests { try await registry.blobs.remove(digest) }
        let time = registry.now()
        try await registry.write { catalog in for digest in digests { try catalog.endRemoval(of: digest, at: time) } }
    }

    private func endAbandonedRemovals() async throws {
        let end = time - Self.removalLife
        while true {
            let page = try await registry.read { try $0.abandonedRemovals(before: end, limit: Self.pageSize) }
            if page.isEmpty { break }
            try await removeBytes(of: page)
        }
        let old = time - max(options.grace, Self.removalLife)
        try await registry.write { try $0.forgetRemovals(before: old) }
    }

    /// Objects that stand where a blob stands, and that no row names.
    private func strayBlobs() async throws -> SweepTally {
        var tally = SweepTally()
        for try await object in try registry.blobs.listing() where object.modifiedAt < graceEnd {
            guard let digest = Self.digest(of: object.key), try await registry.read({ try !$0.hasBlob(digest) }) else { continue }
            if !isDryRun {
                let time = time
                let isStray = try await registry.write { catalog in
                    guard try !catalog.hasBlob(digest), try catalog.removal(of: digest) != nil else { return false }
                    try catalog.beginRemoval(of: digest, at: time)
                    return true
                }
                guard isStray else { continue }
                try await removeBytes(of: [digest])
            }
            tally.add(object.size)
        }
        return tally
    }

    private func strayUploads() async throws -> SweepTally {
        var tally = SweepTally()
        for try await object in try registry.blobs.uploadListing() where object.modifiedAt < graceEnd {
            guard let id = object.key.components.last.flatMap({ UploadID($0) }), try await registry.read({ try !$0.hasUpload(id) }) else {
                continue
            }
            if !isDryRun { try await registry.blobs.remove(id) }
            tally.add(object.size)
        }
        return tally
    }

    private static func digest(of key: ObjectKey) -> Digest? {
        guard key.components.count == 4 else { return nil }
        return Digest("\(key.components[1]):\(key.components[3])")
    }
}

extension Array {
    fileprivate func count(where isCounted: (Element) throws -> Bool) rethrows -> Int {
        try reduce(0) { try isCounted($1) ? $0 + 1 : $0 }
    }
}
