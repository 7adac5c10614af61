import ArgumentParser

extension Config {
    struct ReferencePage: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reference", abstract: "Write the reference of all settings (docs/configuration.md).")

        func run() {
            print(Reference.markdown(Settings.definitions), terminator: "")
        }
    }
}
