import ArgumentParser
import ImageRegistry

struct Sweep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove what nothing needs any more, as the server does from time to time.",
        discussion: """
            Blobs that no manifest and no image names, uploads that nobody goes on with, and what a crash has left behind, each after the time \
            that `sweep.grace` and `sweep.upload_life` give it. Clients may push and pull meanwhile.
            """)

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @Option(help: "How to show it.")
    var format: ListFormat = .table

    @OptionGroup var data: DataOptions

    func run() async throws {
        let folder = try data.folder()
        let options = SweepOptions(folder.sweep)
        guard !dryRun else {
            let report = try await data.read { try await $0.sweep(options, isDryRun: true) }
            return Outcome.report(try Shown(report: report, isDryRun: true).text(as: format)).show()
        }
        guard !folder.isReadOnly else {
            throw CommandFailure("the registry is read-only, so nothing is removed: take `read_only: true` out, or ask with --dry-run")
        }
        try await data.change("registry.sweep", folder.path) { registry in
            .report(try Shown(report: try await registry.sweep(options, isDryRun: false), isDryRun: false).text(as: format))
        }
    }
}

extension Sweep {
    /// What a sweep has found.
    struct Shown: Encodable {
        let report: SweepReport
        let isDryRun: Bool

        private enum CodingKeys: CodingKey {
            case isDryRun
        }

        /// The keys of the report, and one more.
        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(isDryRun, forKey: .isDryRun)
        }

        func text(as format: ListFormat) throws -> String {
            switch format {
            case .table: table
            case .json: try Listing.json(self)
            }
        }

        /// Each thing is counted in one line, so that the last one is the sum of those above.
        private var table: String {
            let removed = isDryRun ? "that would be removed" : "removed"
            let tallies = [
                ("blobs in use", report.live), ("blobs still within sweep.grace", report.waiting), ("blobs \(removed)", report.removed),
                ("unfinished uploads \(removed)", report.uploads), ("stray files \(removed)", report.strays),
            ]
            let sum = tallies.reduce((count: 0, bytes: Int64(0))) { ($0.count + $1.1.count, $0.bytes + $1.1.bytes) }
            let rows = tallies.map { [$0, "\($1.count)", "\($1.bytes)"] } + [["together", "\(sum.count)", "\(sum.bytes)"]]
            return Table.text(["WHAT", "NUMBER", "BYTES"], rows) + derived + rowsOnly
        }

        /// How much of the above Wharf has made itself; nothing where there is none of it.
        private var derived: String {
            guard report.derived.count > 0 else { return "" }
            return "derived by wharf, among the blobs: \(report.derived.count), \(report.derived.bytes) bytes\n"
        }

        /// What has no bytes of its own; nothing where there is none of it.
        private var rowsOnly: String {
            let parts = [
                (report.links, "blobs that their repositories need no more"), (report.images, "v1 images that no repository claimed"),
                (report.faces, "derived manifests and images whose origin is gone"),
            ].filter { $0.0 > 0 }.map { "\($0) \($1)" }
            guard !parts.isEmpty else { return "" }
            return (isDryRun ? "would be forgotten: " : "forgotten: ") + parts.joined(separator: ", ") + "\n"
        }
    }
}
