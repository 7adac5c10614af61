#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `open` of the system, which ``TreeFolder`` has a method of the same name beside.
private func systemOpen(_ path: String, _ flags: CInt) -> CInt { open(path, flags) }

/// A folder of a foreign tree, held open. Whatever lies in it is reached from here, name by name and never through a symbolic link, so that
/// a tree cannot lead anywhere else. All calls block.
public final class TreeFolder: Sendable {
    let descriptor: CInt

    /// Takes ownership of `descriptor`.
    init(descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Opens the root of a tree. Whoever names it may name a symbolic link.
    public convenience init(path: String) throws(TreeError) {
        let descriptor = systemOpen(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last() }
        self.init(descriptor: descriptor)
    }

    /// The folder below, by the names on the way.
    public func folder(_ names: String...) throws(TreeError) -> TreeFolder { try folder(names) }

    /// The same of names that are an array already; itself for none.
    public func folder(_ names: [String]) throws(TreeError) -> TreeFolder {
        var folder = self
        for name in names { folder = TreeFolder(descriptor: try folder.open(name, O_DIRECTORY)) }
        return folder
    }

    /// The regular file below, by the names on the way.
    public func file(_ names: String...) throws(TreeError) -> TreeFile { try file(names) }

    /// The same of names that are an array already.
    public func file(_ names: [String]) throws(TreeError) -> TreeFile {
        guard let name = names.last else { throw .missing }
        // Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
        return try TreeFile(descriptor: try folder(Array(names.dropLast())).open(name, O_NONBLOCK))
    }

    /// Whether something of this name is here, of whatever kind.
    public func has(_ name: String) -> Bool {
        var status = stat()
        return Self.isName(name) && fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// The names of what lies here, sorted; one that is no UTF-8 has replacement characters, and so cannot be opened.
    public func names() throws(TreeError) -> [String] {
        // The stream takes its descriptor with it when it is closed, and has its own position.
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw .last() }
        guard let stream = fdopendir(own) else {
            let error = TreeError.last()
            close(own)
            throw error
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .last() }
        return names.sorted()
    }

    private func open(_ name: String, _ flags: CInt) throws(TreeError) -> CInt {
        guard Self.isName(name) else { throw .missing }
        let opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags)
        guard opened >= 0 else {
            // With O_DIRECTORY, a symbolic link is said to be no folder.
            let error = TreeError.last()
            throw error == .wrongKind && isLink(name) ? .symbolicLink : error
        }
        return opened
    }

    private func isLink(_ name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether it names something in this folder, rather than elsewhere.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}
