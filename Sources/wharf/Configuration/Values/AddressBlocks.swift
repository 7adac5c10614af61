import RegistryWire

extension ValueKind<[AddressBlock]> {
    static let addressBlocks = ValueKind.list(
        of: ValueKind<AddressBlock>(
            placeholder: "CIDR", accepted: "an IP address or a block", parse: { AddressBlock($0) }, format: { $0.text }),
        "each is an IP address, or a block as in 10.0.0.0/8 or 2001:db8::/32", identity: { $0.text })
}
