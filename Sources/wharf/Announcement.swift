import FoundationEssentials
import Glibc
import NIOCore

/// What the server says on standard output once it listens; scripts read the address from it, people the next step.
enum Announcement {
    static func print(address: SocketAddress, configuration: Configuration) {
        let host = configuration.listen.address
        let url = "http://\(host):\(address.port ?? configuration.listen.port)"
        var text = "wharf \(Release.version) listening on \(url)\ndata in \(configuration.data)\n"
        if configuration.accounts.authentication == .none, !configuration.listen.isLoopback {
            text += "auth: none — whoever reaches this address may push, pull and delete\n"
        }
        _ = text.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
    }
}
