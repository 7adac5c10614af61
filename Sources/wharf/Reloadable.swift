import AccessTokens
import Credentials
import Foundation
import HTTPTransport
import ImageRegistry
import Logging
import RegistryLog
import ServiceLifecycle
import Synchronization
import UnixSignals

/// What of the configuration counts anew at SIGHUP: the rules, what nobody may change, the password file, the
/// token server's keys, the certificate.
final class Reloadable: Sendable {
    private let configuration: Configuration
    private let current: Mutex<Current>
    /// Nil: plain HTTP.
    let tls: ServerTLS?

    private struct Current {
        var policy: AccessPolicy
        var isReadOnly: Bool
        var passwords: PasswordFile
        /// Of the token server; nil where there is none.
        var keys: VerificationKeySet?
    }

    /// - Throws: what keeps the server from starting: ``StartRefusal``, `TLSFileError`.
    init(_ configuration: Configuration, logger: Logger) async throws {
        self.configuration = configuration
        current = Mutex(
            Current(
                policy: AccessPolicy(configuration, rules: configuration.rules, protection: configuration.protection),
                isReadOnly: configuration.protection.isReadOnly, passwords: try Self.passwords(configuration),
                keys: try await Self.keys(configuration)))
        tls = try configuration.tls.map { try ServerTLS(TransportSecurity($0)) }
    }

    var policy: AccessPolicy { current.withLock(\.policy) }
    var isReadOnly: Bool { current.withLock(\.isReadOnly) }
    var passwords: PasswordFile { current.withLock(\.passwords) }
    var keys: VerificationKeySet? { current.withLock(\.keys) }

    /// Reads everything again. What cannot be read stays as it was.
    ///
    /// - Returns: what went wrong, a sentence each, and which settings wait for a restart.
    func reload() async -> (failures: [String], waiting: [String]) {
        var failures: [String] = []
        var waiting: [String] = []
        do {
            let reloaded = try configuration.reloaded()
            current.withLock {
                $0.policy = AccessPolicy(configuration, rules: reloaded.rules, protection: reloaded.protection)
                $0.isReadOnly = reloaded.protection.isReadOnly
            }
            waiting = reloaded.waiting.map { "\($0)" }
        } catch {
            failures.append("the configuration stays as it was: \(error)")
        }
        do {
            let passwords = try Self.passwords(configuration)
            current.withLock { $0.passwords = passwords }
        } catch {
            failures.append("the users stay as they were: \(error)")
        }
        do {
            let keys = try await Self.keys(configuration)
            current.withLock { $0.keys = keys }
        } catch {
            failures.append("the token server's keys stay as they were: \(error)")
        }
        do {
            try tls?.reload()
        } catch {
            failures.append("the certificate stays as it was: \(error)")
        }
        return (failures, waiting)
    }

    private static func keys(_ configuration: Configuration) async throws -> VerificationKeySet? {
        guard let path = configuration.tokenServer?.keys else { return nil }
        do {
            return try await VerificationKeySet(file: BoundedFile.read(path, limit: VerificationKeySet.fileLimit))
        } catch let refusal as FileRefusal {
            throw StartRefusal.tokenServerKeys(path, refusal.reason)
        } catch {
            throw StartRefusal.tokenServerKeys(path, "\(error)")
        }
    }

    private static func passwords(_ configuration: Configuration) throws -> PasswordFile {
        guard let path = configuration.accounts.passwordFile else { return try PasswordFile([]) }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw StartRefusal.passwordFile(path, "it cannot be read: \(error.localizedDescription)")
        }
        do {
            return try PasswordFile([UInt8](bytes))
        } catch {
            throw StartRefusal.passwordFile(path, "\(error)")
        }
    }
}

/// Reloads at SIGHUP, for as long as the server runs.
struct Reloading: Service {
    private let reloadable: Reloadable
    private let auditLog: AuditLog
    private let logger: Logger
    private let changed: @Sendable () -> Void

    init(_ reloadable: Reloadable, auditLog: AuditLog, logger: Logger, changed: @escaping @Sendable () -> Void) {
        self.reloadable = reloadable
        self.auditLog = auditLog
        self.logger = logger
        self.changed = changed
    }

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            var (failures, waiting) = await reloadable.reload()
            do { try auditLog.reopen() } catch { failures.append("the audit log stays as it was: \(error)") }
            changed()
            for failure in failures { logger.error("reload: \(failure)") }
            if !waiting.isEmpty {
                logger.warning("these settings count after a restart", metadata: ["settings": "\(waiting.joined(separator: ", "))"])
            }
            if failures.isEmpty { logger.info("reloaded") }
        }
    }
}

extension TransportSecurity {
    fileprivate init(_ tls: Configuration.TLS) {
        let version: Version =
            switch tls.minimumVersion {
            case .tls10: .tls10
            case .tls11: .tls11
            case .tls12: .tls12
            case .tls13: .tls13
            }
        let clients: ClientCertificates =
            switch tls.clientCertificates {
            case .optional: .optional
            case .required: .required
            }
        self.init(
            certificate: tls.certificate, key: tls.key, minimumVersion: version, clientCA: tls.clientCA, clientCertificates: clients)
    }
}
