/// Whose words a table is written in.
enum TableDialect: Sendable {
    /// The registry's and the index's half of v1.
    case v1
    /// The OCI Distribution dialect.
    case v2
    /// Health and metrics.
    case operations

    /// By the name of the table's file.
    init(file: String) {
        self = file == "operations" ? .operations : file.hasPrefix("v2") ? .v2 : .v1
    }
}
