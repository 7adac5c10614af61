/// A part of the registry that can fail by itself.
public enum RegistryPart: String, Sendable, CaseIterable {
    case catalog, storage
}

extension Registry {
    /// Asks every part whether it answers, and returns those that do not, each with a message for the operator.
    public func failures() async -> [RegistryPart: String] {
        var failures: [RegistryPart: String] = [:]
        do { try await read { try $0.check() } } catch { failures[.catalog] = "the catalog does not answer" }
        do { try await blobs.check() } catch { failures[.storage] = "the object store does not answer" }
        return failures
    }
}
