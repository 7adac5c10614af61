import ImageRegistry
import Logging
import ServiceLifecycle

/// Gives space back from time to time, as long as the server runs.
struct Sweeping: Service {
    let registry: Registry
    let options: SweepOptions
    let interval: Duration
    let isReadOnly: @Sendable () -> Bool
    let logger: Logger

    /// None when only the command sweeps.
    static func services(_ configuration: Configuration, _ registry: Registry, _ reloadable: Reloadable, logger: Logger) -> [any Service] {
        guard let interval = configuration.sweep.interval else { return [] }
        return [
            Sweeping(
                registry: registry, options: SweepOptions(configuration.sweep), interval: interval, isReadOnly: { reloadable.isReadOnly },
                logger: logger)
        ]
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: interval)
                    if !isReadOnly() { try await sweep() }
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("the sweep failed", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func sweep() async throws {
        let report = try await registry.sweep(options, isDryRun: false)
        let taken = report.removed + report.strays
        guard taken.count + report.uploads.count + report.links + report.images + report.faces > 0 else { return }
        logger.info(
            "swept",
            metadata: [
                "blobs": "\(taken.count)", "bytes": "\(taken.bytes + report.uploads.bytes)", "uploads": "\(report.uploads.count)",
                "links": "\(report.links)", "images": "\(report.images)", "faces": "\(report.faces)",
            ])
    }
}
