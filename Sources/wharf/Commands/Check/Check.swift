import ArgumentParser

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Look at a running Wharf from outside.", subcommands: [Proxy.self])
}
