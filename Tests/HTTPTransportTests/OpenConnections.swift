import Glibc

/// How many connections this process has open on its own `port`, as the kernel tells; those that only wait out their time do not count.
func openConnections(on port: Int) -> Int {
    guard let file = fopen("/proc/self/net/tcp", "r") else { return -1 }
    defer { fclose(file) }
    let wanted = ":" + String(port, radix: 16, uppercase: true)
    var count = 0
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
        let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
        // sl, local address, remote address, state: established (01), or closed by the peer alone (08).
        if fields.count > 3, fields[1].hasSuffix(wanted), ["01", "08"].contains(fields[3]) { count += 1 }
    }
    return count
}
