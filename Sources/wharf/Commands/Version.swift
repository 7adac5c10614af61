import ArgumentParser

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the version.")

    func run() {
        print("wharf \(Release.version) (Swift \(Release.swift), \(Release.platform))")
    }
}
