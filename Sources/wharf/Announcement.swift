import FoundationEssentials
import Glibc
import NIOCore

/// What the server says on standard output once it listens; scripts read the address from it, people the next step.
enum Announcement {
    static func print(address: SocketAddress, configuration: Configuration, hasUsers: Bool) {
        let host = configuration.listen.address
        let url = "\(configuration.tls == nil ? "http" : "https")://\(host):\(address.port ?? configuration.listen.port)"
        var text = "wharf \(Release.version) listening on \(url)\ndata in \(configuration.data)\n"
        if configuration.accounts.authentication == .none, !configuration.listen.isLoopback {
            text += "auth: none — whoever reaches this address may push, pull and delete\n"
        }
        if configuration.accounts.authentication == .accounts, !hasUsers {
            text += "nobody has an account yet: wharf user add NAME --email ADDRESS --admin --data \(configuration.data)\n"
        }
        _ = text.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
    }
}
