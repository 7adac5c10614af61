/// How the server presents itself, and what it takes.
public struct ServerConfiguration: Sendable {
    /// The program's name and version, as `GET /` tells it.
    public let program: String
    /// `host[:port]` by which clients reach the server; nil: what the client wrote into `Host`.
    public let externalHost: String?
    /// What `X-Docker-Registry-Standalone` says; with `true`, engines over TLS send no token (DESIGN: true only without accounts over plain HTTP).
    public let isStandalone: Bool
    /// Bytes of an image's JSON document.
    public let imageDocumentSize: Int
    /// Bytes of any other body that is read whole.
    public let requestBodySize: Int
    /// Elements of a repository's list of images in one request.
    public let imagesPerList: Int

    public init(
        program: String, externalHost: String?, isStandalone: Bool, imageDocumentSize: Int, requestBodySize: Int, imagesPerList: Int
    ) {
        self.program = program
        self.externalHost = externalHost
        self.isStandalone = isStandalone
        self.imageDocumentSize = imageDocumentSize
        self.requestBodySize = requestBodySize
        self.imagesPerList = imagesPerList
    }
}
