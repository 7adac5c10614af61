import ImageModel
import ImageRegistry

/// Why a command has not done what it was asked to: exit code 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A command that was called wrongly: exit code 2.
struct WrongUsage: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What a command is about, to say what there is not.
struct Subject {
    var user: UserName?
    var key: String?
    var organization: UserName?
    var repository: RepositoryName?

    func failure(_ error: RegistryError) -> CommandFailure {
        switch error {
        case .userUnknown: CommandFailure("there is no user \(user.map { "\($0)" } ?? "of that name")")
        case .keyUnknown: CommandFailure("\(user.map { "\($0)" } ?? "the user") has no key \(key ?? "of that name")")
        case .organizationUnknown: CommandFailure("there is no organization \(organization.map { "\($0)" } ?? "of that name")")
        case .organizationInUse:
            CommandFailure(
                "\(organization.map { "\($0)" } ?? "the organization") has repositories, which nobody would own: delete them first "
                    + "(`wharf repo list --namespace \(organization.map { "\($0)" } ?? "NAME")` shows them)")
        case .repositoryUnknown: CommandFailure("there is no repository \(repository?.shown ?? "of that name")")
        case .nameTaken: CommandFailure("the name is taken")
        case .storageFull: CommandFailure("the disk is full")
        default: CommandFailure("\(error)")
        }
    }
}
