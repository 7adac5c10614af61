import ArgumentParser
import ImageModel
import ImageRegistry

extension OrganizationCommand {
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an organization that has no repositories.", discussion: "Its members keep their accounts.")

        @Argument(help: "The organization.", transform: Grammar.userName)
        var name: UserName

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("organization.delete", name.text, about: Subject(organization: name)) { registry in
                try await registry.deleteOrganization(name)
                return .done("the organization \(name) is deleted")
            }
        }
    }
}
