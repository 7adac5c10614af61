import SystemPackage

enum StandardError {
    static func write(_ text: String) {
        // Nothing is left to be done when standard error cannot be written either.
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}
