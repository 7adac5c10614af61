import Dispatch
import Glibc
import Synchronization

/// A pipe whose reading end a test controls.
final class TestPipe: Sendable {
    struct Failure: Error {}

    let reading: Int32
    let writing: Int32
    private let isWritingClosed = Mutex(false)

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure() }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        closeWriting()
        close(reading)
    }

    func closeWriting() {
        isWritingClosed.withLock { isClosed in
            if !isClosed { close(writing) }
            isClosed = true
        }
    }

    /// Starts reading to the end on another thread; the function returned waits for it.
    func readAll() -> () -> String {
        let text = Mutex("")
        let done = DispatchGroup()
        let box = Box(text)
        DispatchQueue.global().async(group: done) {
            var all: [UInt8] = []
            while let piece = self.readPiece() { all += piece }
            let result = String(decoding: all, as: UTF8.self)
            box.text.withLock { $0 = result }
        }
        return {
            done.wait()
            return box.text.withLock { $0 }
        }
    }

    /// That many lines, or what came of them when nothing more comes for `limit`.
    func readLines(_ count: Int, within limit: Duration) -> String {
        var bytes: [UInt8] = []
        while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < count {
            var wait = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, Int32(limit.components.seconds * 1000)) > 0, let piece = readPiece() else { break }
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func readPiece() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(reading, &buffer, buffer.count)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private final class Box: Sendable {
        let text: Mutex<String>
        init(_ text: consuming Mutex<String>) { self.text = text }
    }
}
