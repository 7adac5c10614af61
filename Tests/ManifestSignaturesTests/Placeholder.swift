import Testing

@testable import ManifestSignatures
