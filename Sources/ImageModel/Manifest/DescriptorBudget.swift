/// How many descriptors a manifest may still have.
struct DescriptorBudget {
    private let limit: Int
    private var left: Int

    init(limit: Int) {
        self.limit = limit
        left = limit
    }

    mutating func take() throws(Manifest.Refusal) {
        guard left > 0 else { throw .tooManyDescriptors(limit: limit) }
        left -= 1
    }
}
