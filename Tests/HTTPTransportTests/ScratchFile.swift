import Glibc
import NIOCore

@testable import HTTPTransport

/// A file with known bytes that is gone after the test.
final class ScratchFile: Sendable {
    let path: String

    /// Byte n of the file is n modulo 251, so that a piece at the wrong place is seen.
    init(size: Int) throws {
        var template = Array("/tmp/http-transport-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "mkstemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let block = Array(ScratchFile.bytes(0..<(251 * 1024)).readableBytesView)
        var written = 0
        while written < size {
            let count = write(descriptor, block, min(block.count, size - written))
            guard count > 0 else { throw IOError(errnoCode: errno, reason: "write") }
            written += count
            // A short write would put the pattern out of step.
            precondition(count == block.count || written == size)
        }
        Glibc.close(descriptor)
    }

    deinit { unlink(path) }

    func open() -> OpenFile { OpenFile(owning: Glibc.open(path, O_RDONLY)) }

    func truncate(to size: Int) { _ = Glibc.truncate(path, off_t(size)) }

    /// What stands at these places.
    static func bytes(_ range: Range<Int>) -> ByteBuffer {
        let period = ByteBuffer(bytes: (0..<UInt8(251)))
        var bytes = ByteBuffer()
        bytes.reserveCapacity(range.count + 502)
        while bytes.readableBytes < range.count + 251 { bytes.writeImmutableBuffer(period) }
        return bytes.getSlice(at: range.lowerBound % 251, length: range.count) ?? ByteBuffer()
    }
}

extension ScratchFile {
    /// How many descriptors of this process are open on the file; those of other tests do not count.
    var openDescriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let link = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { "/proc/self/fd/" + String(cString: $0) }
            }
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink(link, &target, target.count - 1)
            if length > 0, String(decoding: target.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) == path { count += 1 }
        }
        return count
    }
}
