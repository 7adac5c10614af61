import Glibc

/// How many files the process may have open: a connection and the layer that it sends are two.
enum OpenFiles {
    /// Raises the soft limit to the hard one, as servers do; the soft one is low for the sake of programs that use select(2).
    static func allowAll() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
