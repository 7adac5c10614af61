#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file before SQLite opens it, which would make one that everybody may read.
enum SQLiteFile {
    /// Makes the file for its owner alone when it is missing. Root makes it for the owner of the folder, whose server is going to use it;
    /// SQLite gives its other files the same owner and rights. What does not work here shows when the file is opened.
    static func make(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var status = stat()
        guard geteuid() == 0, stat(folder.isEmpty ? "/" : folder, &status) == 0, status.st_uid != 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
    }
}
