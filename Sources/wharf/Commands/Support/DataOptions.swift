import ArgumentParser
import FoundationEssentials
import ImageRegistry
import RegistryLog

/// The settings that a command on the data takes: all of `wharf serve`, from the same places.
struct DataOptions: ParsableArguments {
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "The settings of `wharf serve`, above all --data DIR and --config FILE; also from the environment.", valueName: "settings"))
    var settings: [String] = []

    func folder() throws -> DataFolder { try DataFolder(resolution()) }

    func resolution() throws -> Resolution {
        try Resolution.load(arguments: settings, environment: ProcessInfo.processInfo.environment)
    }

    /// Looks something up.
    func read<Result>(about subject: Subject = Subject(), _ body: (Registry) async throws -> Result) async throws -> Result {
        try await folder().open { registry in
            do {
                return try await body(registry)
            } catch let error as RegistryError {
                throw subject.failure(error)
            }
        }
    }

    /// Changes something, and says so: on standard output and in the audit log.
    ///
    /// - Parameter body: Makes the change and returns the sentence that says what is now so.
    func change(
        _ action: String, _ target: String, detail: String? = nil, about subject: Subject = Subject(), isMade: Bool = false,
        _ body: (Registry) async throws -> Outcome
    ) async throws {
        let folder = try folder()
        try await folder.open(isMade: isMade) { registry in
            let auditLog = try folder.auditLog()
            let outcome: Outcome
            do {
                outcome = try await body(registry)
            } catch let error as RegistryError {
                throw subject.failure(error)
            }
            auditLog.record(
                AuditEvent(who: "cli:\(UnixUser.name)", action: action, target: target, from: "-", outcome: .done, detail: detail))
            outcome.show()
        }
    }
}

/// What a change came to.
enum Outcome {
    /// A sentence that says what is now so.
    case done(String)
    /// Several lines, with their ends.
    case report(String)
    /// Something that is shown this once, alone on standard output, so that a script can take it; the sentence goes to standard error.
    case secret(String, String)

    func show() {
        switch self {
        case .done(let sentence): print(sentence)
        case .report(let text): print(text, terminator: "")
        case .secret(let secret, let sentence):
            StandardError.write("\(sentence)\n")
            print(secret)
        }
    }
}
