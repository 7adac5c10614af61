/// The sums of a tar's members, and the orders in which engines string them together.
struct EntrySums {
    /// Stands for a cleaned path: two keyed hashes of 64 bits, so that remembering a path costs the same for each.
    struct PathKey: Hashable, Comparable {
        let high: Int
        let low: Int

        init(_ path: [UInt8]) {
            high = Self.hash(path, 0)
            low = Self.hash(path, 1)
        }

        static func < (left: PathKey, right: PathKey) -> Bool { (left.high, left.low) < (right.high, right.low) }

        private static func hash(_ path: [UInt8], _ salt: Int) -> Int {
            var hasher = Hasher()
            hasher.combine(salt)
            path.withUnsafeBytes { hasher.combine(bytes: $0) }
            return hasher.finalize()
        }
    }

    /// In archive order, each of `width` bytes.
    private var sums: [UInt8] = []
    private var paths: [PathKey] = []
    private let width: Int

    /// - Parameter width: the length of a sum, in bytes.
    init(width: Int) { self.width = width }

    var count: Int { paths.count }

    /// - Parameter path: clean, so that two spellings of a path are one.
    mutating func append(sum: some Sequence<UInt8>, path: [UInt8]) {
        sums.append(contentsOf: sum)
        paths.append(PathKey(path))
    }

    subscript(index: Int) -> ArraySlice<UInt8> { sums[(index * width)..<((index + 1) * width)] }

    /// The two orders that engines of different age come to; equal unless a path comes twice.
    func orders() -> (keepingDuplicates: [Int], keepingLast: [Int]) {
        let bySum = sortedBySum()
        let groups = duplicates()
        guard !groups.isEmpty else { return (bySum, bySum) }
        let superseded = Set(groups.flatMap { $0.dropLast() })
        return (keepingDuplicates(bySum, groups), bySum.filter { !superseded.contains($0) })
    }

    /// Engines since 1.3 compare two sums, but two members with one path by their place in the archive. That is no total order. Up to seven
    /// members Go's sort (before 1.6) is an insertion sort, done here alike; of larger archives the outcome is not known, so the members
    /// with one path share out the places that their sums have among them, in archive order.
    private func keepingDuplicates(_ bySum: [Int], _ groups: [[Int]]) -> [Int] {
        guard count > 7 else { return insertionSorted() }
        var order = bySum
        var place = [Int](repeating: 0, count: count)
        for (rank, index) in bySum.enumerated() { place[index] = rank }
        for group in groups {
            for (rank, index) in zip(group.map { place[$0] }.sorted(), group) { order[rank] = index }
        }
        return order
    }

    private func insertionSorted() -> [Int] {
        var order = Array(0..<count)
        for end in order.indices {
            var index = end
            while index > 0 {
                let (left, right) = (order[index - 1], order[index])
                let isMisplaced = paths[left] == paths[right] ? right < left : precedes(right, left)
                guard isMisplaced else { break }
                order.swapAt(index - 1, index)
                index -= 1
            }
        }
        return order
    }

    private func sortedBySum() -> [Int] {
        // Eight bytes of a sum nearly always decide; the rest is looked at when they do not.
        let heads = sums.withUnsafeBytes { bytes in
            (0..<count).map { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: $0 * width, as: UInt64.self)) }
        }
        return (0..<count).sorted { heads[$0] == heads[$1] ? precedes($0, $1) : heads[$0] < heads[$1] }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool { self[left].lexicographicallyPrecedes(self[right]) }

    /// The members that share a path with another, path by path, each group in archive order.
    private func duplicates() -> [[Int]] {
        let byPath = (0..<count).sorted { (paths[$0], $0) < (paths[$1], $1) }
        var groups: [[Int]] = []
        var group: [Int] = []
        for index in byPath {
            if let last = group.last, paths[last] != paths[index] {
                if group.count > 1 { groups.append(group) }
                group.removeAll()
            }
            group.append(index)
        }
        if group.count > 1 { groups.append(group) }
        return groups
    }
}
