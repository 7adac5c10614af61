/// No file is longer than this.
let lineLimit = 500

func lengthComplaints(_ file: Repository.File) -> [String] {
    let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    return count > lineLimit ? ["\(file.path): \(count) lines, \(lineLimit) are allowed"] : []
}

func blankComplaints(_ file: Repository.File) -> [String] {
    file.lines.compactMap { line in
        if line.text.contains("\t") { return "\(file.path):\(line.number): a tab" }
        if line.text.last?.isWhitespace == true { return "\(file.path):\(line.number): blanks at the end" }
        return nil
    } + (file.text.utf8.contains(13) ? ["\(file.path): a carriage return"] : [])
        + (file.text.isEmpty || file.text.hasSuffix("\n") ? [] : ["\(file.path): no line break at the end"])
}

/// What stops the process on bad input.
func trapComplaints(_ file: Repository.File) -> [String] {
    let code = Repository.File(path: file.path, text: file.code)
    return code.lines.compactMap { line in
        guard line.text.contains("!") || line.text.contains("fatalError(") else { return nil }
        return line.text.firstMatch(of: #/\btry!|\bas!|\bfatalError\(/#).map { "\(file.path):\(line.number): \($0.output)" }
    }
}

/// Whoever switches the compiler's check off says above that line why nothing can go wrong.
func uncheckedComplaints(_ file: Repository.File) -> [String] {
    zip([(number: 0, text: "")] + file.lines, file.lines).compactMap { above, line in
        guard line.text.contains("@unchecked") || line.text.contains("nonisolated(unsafe)") else { return nil }
        if line.text.drop(while: { $0 == " " }).hasPrefix("//") || above.text.drop(while: { $0 == " " }).hasPrefix("//") { return nil }
        return "\(file.path):\(line.number): no comment above says why this is safe"
    }
}
