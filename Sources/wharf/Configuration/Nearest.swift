/// The candidate that is nearest to `name`, or nil when more than half of each would have to change.
///
/// Only letters and digits count, so that it does not matter in which of its spellings a setting is written. Of two that are equally near,
/// it is the one that begins more alike.
func nearest(to name: String, in candidates: [String]) -> String? {
    let letters = significant(name)
    // `-v` is no `--v2`.
    guard letters.count > 1 else { return nil }
    let near = candidates.compactMap { candidate -> (candidate: String, distance: Int, alike: Int)? in
        let other = significant(candidate)
        let distance = editDistance(letters, other)
        guard distance * 2 <= max(other.count, letters.count) else { return nil }
        return (candidate, distance, zip(letters, other).prefix { $0 == $1 }.count)
    }
    return near.min { ($0.distance, -$0.alike) < ($1.distance, -$1.alike) }?.candidate
}

private func significant(_ name: String) -> [Character] {
    let name = name.hasPrefix(SettingKey.variablePrefix) ? name.dropFirst(SettingKey.variablePrefix.count) : name[...]
    return name.lowercased().filter { $0.isLetter || $0.isNumber }.prefix(100).map { $0 }
}

/// Levenshtein's distance: insertions, deletions and replacements of one letter.
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (line, letter) in first.enumerated() {
        var diagonal = row[0]
        row[0] = line + 1
        for (column, other) in second.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
        }
    }
    return row[second.count]
}
