import RegistryClient

extension ValueKind<ServiceURL> {
    static let serviceURL = ValueKind(
        placeholder: "URL", accepted: "http:// or https://, a host, and maybe a port, without a path: https://registry.example.com",
        parse: { ServiceURL($0) }, format: { "\($0)" })
}
