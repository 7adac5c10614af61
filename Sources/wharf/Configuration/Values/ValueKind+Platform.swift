import ImageModel

extension ValueKind<Platform> {
    static let platform = ValueKind(
        placeholder: "OS/ARCHITECTURE", accepted: "a platform, such as linux/amd64 or linux/arm/v7",
        parse: { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count), parts.allSatisfy(Self.isName) else { return nil }
            return Platform(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
        },
        format: { ([$0.os, $0.architecture] + ($0.variant.map { [$0] } ?? [])).joined(separator: "/") })

    /// As Go calls systems and processors, and indexes after it.
    private static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "._-".utf8.contains(byte)
                }
            }
    }
}
