#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the kernel knows of this process, under the names that Prometheus's client libraries have for it.
struct ProcessFigures: Sendable, Equatable {
    var cpuSeconds: Double
    /// Seconds since 1970.
    var startTime: Double
    var residentBytes: Int
    var openFiles: Int
    var maximumFiles: UInt

    func write(to exposition: inout Exposition) {
        let rows: [(name: String, kind: Exposition.Kind, help: String, value: String)] = [
            ("process_cpu_seconds_total", .counter, "Seconds of processor time, the program's and the kernel's for it.", "\(cpuSeconds)"),
            ("process_max_fds", .gauge, "How many files may be open.", "\(maximumFiles)"),
            ("process_open_fds", .gauge, "How many files are open, connections among them.", "\(openFiles)"),
            ("process_resident_memory_bytes", .gauge, "Bytes of memory that are in use.", "\(residentBytes)"),
            ("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.", "\(startTime)"),
        ]
        for row in rows {
            exposition.family(row.name, row.kind, row.help)
            exposition.sample(row.name, [:], row.value)
        }
    }

    /// Nil where there is no `/proc`.
    static func current() -> ProcessFigures? {
        guard let stat = text(of: "/proc/self/stat"), let system = text(of: "/proc/stat"), let openFiles = openFiles() else { return nil }
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return ProcessFigures(
            stat: stat, system: system, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)), pageSize: sysconf(Int32(_SC_PAGESIZE)),
            openFiles: openFiles, maximumFiles: limit.rlim_cur)
    }

    /// - Parameters:
    ///   - stat: `/proc/self/stat`, whose second field is a name in parentheses that may hold anything (proc_pid_stat(5)).
    ///   - system: `/proc/stat`, whose line `btime` says when the system began (proc_stat(5)).
    init?(stat: String, system: String, ticksPerSecond: Int, pageSize: Int, openFiles: Int, maximumFiles: UInt) {
        guard let end = stat.utf8.lastIndex(of: UInt8(ascii: ")")), ticksPerSecond > 0 else { return nil }
        // The third field is the first after the name.
        let fields = stat[end...].dropFirst().split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let kernel = Double(fields[12]), let start = Double(fields[19]),
            let pages = Int(fields[21]),
            let boot = system.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }), let bootTime = Double(boot.dropFirst(6))
        else { return nil }
        cpuSeconds = (user + kernel) / Double(ticksPerSecond)
        startTime = bootTime + start / Double(ticksPerSecond)
        residentBytes = pages * pageSize
        self.openFiles = openFiles
        self.maximumFiles = maximumFiles
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece.prefix(count)
        }
    }

    private static func openFiles() -> Int? {
        guard let stream = opendir("/proc/self/fd") else { return nil }
        defer { closedir(stream) }
        // Among the entries are `.`, `..` and the folder that is being read.
        var count = -3
        while readdir(stream) != nil { count += 1 }
        return count
    }
}
