public import ImageModel

/// Organizations and those who work with a repository that is not their own.
extension Registry {
    /// - Throws: ``RegistryError/nameTaken``, also by a user.
    public func createOrganization(_ name: UserName) async throws {
        let time = now()
        try await write { catalog in
            guard try catalog.addNamespace(name, kind: "organization", at: time) != nil else { throw RegistryError.nameTaken }
        }
    }

    /// By name.
    public func organizations() async throws -> [UserName] { try await read { try $0.organizations() } }

    /// - Throws: ``RegistryError/organizationUnknown``; ``RegistryError/organizationInUse`` while it has repositories, which nobody would own.
    public func deleteOrganization(_ name: UserName) async throws {
        try await write { catalog in
            let organization = try catalog.known(organization: name)
            guard try !catalog.hasRepositories(name) else { throw RegistryError.organizationInUse }
            try catalog.removeOrganization(organization)
        }
    }

    /// By name.
    ///
    /// - Throws: ``RegistryError/organizationUnknown``.
    public func members(of organization: UserName) async throws -> [Member] {
        try await read { try $0.members(of: $0.known(organization: organization)) }
    }

    /// Takes somebody in, or changes what they may do.
    ///
    /// - Throws: ``RegistryError/organizationUnknown``, ``RegistryError/userUnknown``.
    public func setMember(_ user: UserName, _ access: Access, of organization: UserName) async throws {
        try await write { try $0.setMember($0.known(user), access, of: $0.known(organization: organization)) }
    }

    /// - Throws: ``RegistryError/organizationUnknown``, ``RegistryError/userUnknown`` also for somebody who is no member.
    public func removeMember(_ user: UserName, of organization: UserName) async throws {
        try await write { catalog in
            guard try catalog.removeMember(catalog.known(user), of: catalog.known(organization: organization)) else {
                throw RegistryError.userUnknown
            }
        }
    }

    /// By name.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func collaborators(on repository: RepositoryName) async throws -> [Member] {
        try await read { try $0.collaborators(on: $0.known(repository).id) }
    }

    /// Lets somebody work with one repository, or changes what they may do.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/userUnknown``.
    public func setCollaborator(_ user: UserName, _ access: Access, on repository: RepositoryName) async throws {
        try await write { try $0.setCollaborator($0.known(user), access, on: $0.known(repository).id) }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/userUnknown`` also for somebody who is no collaborator.
    public func removeCollaborator(_ user: UserName, on repository: RepositoryName) async throws {
        try await write { catalog in
            guard try catalog.removeCollaborator(catalog.known(user), on: catalog.known(repository).id) else {
                throw RegistryError.userUnknown
            }
        }
    }
}

extension Catalog {
    fileprivate func known(organization name: UserName) throws -> Int64 {
        guard let organization = try organization(name) else { throw RegistryError.organizationUnknown }
        return organization
    }
}
