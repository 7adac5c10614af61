import Dispatch
import Glibc
import RegistryLog
import Synchronization

/// Ends the process at the second SIGINT: whoever presses Ctrl-C twice does not want to wait for clients.
final class Impatience {
    private let source: any DispatchSourceSignal

    init(sink: LogSink) {
        let queue = DispatchQueue(label: "impatience")
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: queue)
        let count = Mutex(0)
        source.setEventHandler { [source] in
            let signals = count.withLock { count in
                count += Int(source.data)
                return count
            }
            guard signals > 1 else { return }
            sink.flush()
            _exit(130)
        }
        source.resume()
        self.source = source
    }

    func end() { source.cancel() }
}
