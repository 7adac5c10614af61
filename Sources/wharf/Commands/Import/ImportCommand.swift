import ArgumentParser

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over what another registry has stored.",
        discussion: """
            Reads the other registry's storage folder and writes to the data folder, whether `wharf serve` runs on it or not. Nothing in the \
            other folder is changed. What is here already is passed over, so an import that was interrupted, or that was made before the old \
            registry stopped, can simply be made again.

            Ends with 0 when everything came, 1 when something was left out (the report says what and why), 2 when it was called wrongly.
            """,
        subcommands: [DockerRegistry.self, Distribution.self])
}
