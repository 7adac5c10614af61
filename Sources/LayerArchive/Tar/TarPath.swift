/// Paths as tars write them.
enum TarPath {
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// The shortest path that means the same, by its text alone: no doubled slashes, no `.`, `..` taken together with what is before it,
    /// no slash at the end. The empty path is `.`. (What engines clean names with: Go's `path.Clean`.)
    static func clean(_ path: [UInt8]) -> [UInt8] {
        if isClean(path) { return path }
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

    /// Nearly all paths in layers are, but for the slash after a directory's.
    private static func isClean(_ path: [UInt8]) -> Bool {
        var length = 0
        var dots = 0
        for byte in path {
            guard byte == slash else {
                length += 1
                if byte == dot { dots += 1 }
                continue
            }
            if length == 0 || (length < 3 && dots == length) { return false }
            (length, dots) = (0, 0)
        }
        return length > 0 && (length > 2 || dots < length)
    }

    /// The path seen from the root of the layer: `./a/`, `a` and `/a` are all `/a`, the layer's own directory is `/`.
    static func rooted(_ path: [UInt8]) -> [UInt8] {
        isClean(path) ? [slash] + path : clean([slash] + path)
    }
}
