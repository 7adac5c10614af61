/// The candidate that is nearest to `name`, or nil when more than half of it would have to change.
///
/// Only letters and digits count, so that it does not matter in which of its spellings a setting is written.
func nearest(to name: String, in candidates: [String]) -> String? {
    let letters = significant(name)
    let distances = candidates.map { ($0, distance: editDistance(letters, significant($0)), count: significant($0).count) }
    guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance * 2 <= max(best.count, letters.count) else {
        return nil
    }
    return best.0
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
