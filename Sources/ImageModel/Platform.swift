/// What an image of an index runs on (OCI image specification, "Image Index", `platform`); versions and features of systems are left to the
/// clients.
public struct Platform: Sendable, Hashable {
    /// As Go calls it, such as `linux`; empty when the index does not say.
    public let os: String
    /// As Go calls it, such as `amd64`; empty when the index does not say.
    public let architecture: String
    /// Of the processor, such as `v7`.
    public let variant: String?

    public init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }
}
