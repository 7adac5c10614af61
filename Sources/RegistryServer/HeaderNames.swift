import HTTPTypes

extension HTTPField.Name {
    static let dockerChecksum = named("X-Docker-Checksum")
    static let dockerChecksumPayload = named("X-Docker-Checksum-Payload")
    static let dockerContentDigest = named("Docker-Content-Digest")
    static let dockerDistributionAPIVersion = named("Docker-Distribution-API-Version")
    static let dockerEndpoints = named("X-Docker-Endpoints")
    static let dockerRegistryStandalone = named("X-Docker-Registry-Standalone")
    static let dockerRegistryVersion = named("X-Docker-Registry-Version")
    static let dockerSize = named("X-Docker-Size")
    static let dockerToken = named("X-Docker-Token")

    static let dockerUploadUUID = named("Docker-Upload-UUID")
    static let link = named("Link")
    static let ociFiltersApplied = named("OCI-Filters-Applied")
    static let ociSubject = named("OCI-Subject")
    static let ociTag = named("OCI-Tag")

    static let secFetchSite = named("Sec-Fetch-Site")
    static let referrerPolicy = named("Referrer-Policy")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
