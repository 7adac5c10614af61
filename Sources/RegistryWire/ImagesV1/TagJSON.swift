/// The answer of `GET …/tags/TAG/json` and of a repository's `…/json` (v1.md §2.5). A word that the `User-Agent` lacked is absent.
public struct TagJSON: Encodable, Sendable, Equatable {
    /// Seconds since 1970.
    public let lastUpdate: Int64?
    public let dockerVersion: String?
    public let dockerGoVersion: String?
    public let arch: String?
    public let os: String?
    public let kernel: String?

    public init(lastUpdate: Int64, dockerVersion: String?, dockerGoVersion: String?, arch: String?, os: String?, kernel: String?) {
        self.lastUpdate = lastUpdate
        self.dockerVersion = dockerVersion
        self.dockerGoVersion = dockerGoVersion
        self.arch = arch
        self.os = os
        self.kernel = kernel
    }

    /// What is said of a tag of which nothing is known.
    public static let unknown =
        #"{"last_update":null,"docker_version":null,"docker_go_version":null,"arch":"amd64","os":"linux","kernel":null}"#

    enum CodingKeys: String, CodingKey {
        case lastUpdate = "last_update"
        case dockerVersion = "docker_version"
        case dockerGoVersion = "docker_go_version"
        case arch, os, kernel
    }
}
