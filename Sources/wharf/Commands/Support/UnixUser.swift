import Glibc

/// Who runs the command, as the system knows them.
enum UnixUser {
    /// The login name; the number of a user without one.
    static var name: String {
        let id = getuid()
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else { return "\(id)" }
        return String(cString: name)
    }
}
