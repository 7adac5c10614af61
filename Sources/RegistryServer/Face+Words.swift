import ImageModel

extension Face {
    /// What a person is told that it is.
    var words: String {
        switch self {
        case .v1: "a chain of v1 images"
        case .schema1: "a manifest of schema 1"
        case .docker: "a schema 2 manifest"
        case .oci: "an OCI manifest"
        }
    }
}
