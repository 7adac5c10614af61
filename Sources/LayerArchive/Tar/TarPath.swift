/// Paths as tars write them.
enum TarPath {
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// The shortest path that means the same, by its text alone: no doubled slashes, no `.`, `..` taken together with what is before it,
    /// no slash at the end. The empty path is `.`. (What engines clean names with: Go's `path.Clean`.)
    static func clean(_ path: [UInt8]) -> [UInt8] {
        let isRooted = path.first == slash
        var kept: [ArraySlice<UInt8>] = []
        for component in path.split(separator: slash) where component.count > 1 || component.first != dot {
            let isUp = component.count == 2 && component.allSatisfy { $0 == dot }
            if !isUp {
                kept.append(component)
            } else if let last = kept.last, !last.elementsEqual([dot, dot]) {
                kept.removeLast()
            } else if !isRooted {
                kept.append(component)
            }
        }
        let cleaned = Array(kept.joined(separator: CollectionOfOne(slash)))
        if isRooted { return [slash] + cleaned }
        return cleaned.isEmpty ? [dot] : cleaned
    }

    /// The path seen from the root of the layer: `./a/`, `a` and `/a` are all `/a`, the layer's own directory is `/`.
    static func rooted(_ path: [UInt8]) -> [UInt8] { clean([slash] + path) }
}
