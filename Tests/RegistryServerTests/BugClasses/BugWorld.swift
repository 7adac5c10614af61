import ImageModel
import RegistryTesting
import Testing

/// The world of the tables, with a server over it, for one test.
enum BugWorld {
    static func lend(
        _ change: @Sendable (inout AccountsServer.Options) -> Void = { _ in },
        _ body: @escaping @Sendable (PermissionWorld, AccountsServer) async throws -> Void
    ) async throws {
        var options = AccountsServer.Options()
        options.rules = try PermissionWorld.rules
        change(&options)
        let settled = options
        try await TemporaryFolder.lend { folder in
            let catalog = "\(folder)/catalog.sqlite"
            let world = try await PermissionWorld.copy(to: catalog)
            try await AccountsServer.lend(catalog: catalog, store: world.store, options: settled) { server in
                try await body(world, server)
            }
        }
    }
}
