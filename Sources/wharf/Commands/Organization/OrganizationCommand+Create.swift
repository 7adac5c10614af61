import ArgumentParser
import ImageModel
import ImageRegistry

extension OrganizationCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an organization.", discussion: "It has no members yet: `wharf member add` takes them in.")

        @Argument(
            help: "4 to 30 small letters, digits and underscores; also the namespace of its repositories.", transform: Grammar.userName)
        var name: UserName

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("organization.create", name.text) { registry in
                do {
                    try await registry.createOrganization(name)
                } catch RegistryError.nameTaken {
                    throw CommandFailure("there is a user or an organization \(name) already")
                }
                return .done("\(name) is an organization")
            }
        }
    }
}
