import ImageModel

extension ValueKind<[TagPattern]> {
    static let tagPatterns = ValueKind.list(
        of: ValueKind<TagPattern>(
            placeholder: "REPOSITORY:TAG", accepted: "REPOSITORY:TAG", parse: { TagPattern($0) }, format: { "\($0)" }),
        "each is REPOSITORY:TAG, in both of which * stands for any run of characters, as in team/*:v* or *:release-*",
        identity: { "\($0)" })
}
