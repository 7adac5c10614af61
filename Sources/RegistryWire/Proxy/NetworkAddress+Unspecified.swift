extension NetworkAddress {
    /// `0.0.0.0`: the address of nobody, for a peer that was gone before it could be asked for its own.
    public static let unspecified = NetworkAddress(bits: 0xffff << 32)
}
