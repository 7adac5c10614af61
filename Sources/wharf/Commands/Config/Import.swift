import ArgumentParser
import FoundationEssentials
import StorageTrees

extension Config {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Translate another registry's settings file into one of Wharf's.",
            discussion: """
                Reads the config.yml of docker-registry (v1) or distribution (v2) and prints a configuration for `wharf serve --config`, with \
                a comment for each setting that has no counterpart. Nothing is changed.
                """)

        @Argument(help: "The old registry's config.yml.")
        var file: String

        @Option(
            help: ArgumentHelp("Whose file it is; otherwise what it looks like: docker-registry or distribution.", valueName: "registry"))
        var from: OldRegistry?

        @Option(help: "The flavour of docker-registry's settings; otherwise SETTINGS_FLAVOR or dev, as there.")
        var flavor: String?

        func run() throws {
            do {
                let bytes = try BoundedFile.read(file, limit: 1 << 20)
                let translation = try SettingsTranslation(
                    bytes, from: from?.source, flavor: flavor, environment: ProcessInfo.processInfo.environment)
                print(translation.yaml, terminator: "")
            } catch let refusal as FileRefusal {
                throw WrongUsage("\(Visible.text(file)): \(refusal.reason)")
            } catch let refusal as SettingsRefusal {
                throw WrongUsage("\(Visible.text(file)): \(Visible.text("\(refusal)"))")
            }
        }
    }

    enum OldRegistry: String, CaseIterable, ExpressibleByArgument {
        case dockerRegistry = "docker-registry"
        case distribution

        var source: SettingsTranslation.Source {
            switch self {
            case .dockerRegistry: .dockerRegistry
            case .distribution: .distribution
            }
        }
    }
}
