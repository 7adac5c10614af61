import Foundation
import ImageModel

@testable import ManifestSignatures

enum SignatureSamples {
    /// The key with the private number 1.
    static let kid = "LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFS"
    static let x = "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY"
    static let y = "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"

    /// libtrust's signatures with that key, of v1.md §10.4.
    static let compact =
        #"{"a":1,"signatures":[{"header":{"jwk":{"crv":"P-256","kid":"\#(kid)","kty":"EC","x":"\#(x)","y":"\#(y)"},"alg":"ES256"},"#
        + #""signature":"TKgeSJd4LUH4uVgEjte0BdXjlK88KTv901zdkaxmuUrjRD2kb68kXWa0TxnNUxVQ0U3KkklgTAO4fPjC3g1Mow","#
        + #""protected":"eyJmb3JtYXRMZW5ndGgiOjYsImZvcm1hdFRhaWwiOiJmUSIsInRpbWUiOiIyMDI2LTExLTIxVDA0OjAzOjQ3WiJ9"}]}"#
    static let indented = """
        {
           "a": 1,
           "signatures": [
              {
                 "header": {
                    "jwk": {
                       "crv": "P-256",
                       "kid": "\(kid)",
                       "kty": "EC",
                       "x": "\(x)",
                       "y": "\(y)"
                    },
                    "alg": "ES256"
                 },
                 "signature": "U3Fx_kKrpSSh0PC9EDpUJchDHXsQG480hZ-Juxgp5ibOPi3-aIf9kcHe_IQKWj-W7wpSZ4z568M8wsgy4xlRmw",
                 "protected": "eyJmb3JtYXRMZW5ndGgiOjExLCJmb3JtYXRUYWlsIjoiQ24wIiwidGltZSI6IjIwMjYtMTEtMjFUMDQ6MDM6NDdaIn0"
              }
           ]
        }
        """

    /// A file of Tests/Schema1.
    static func file(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: "\(name).json"), encoding: .utf8)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Schema1")

    /// The ids of the keys that have signed a document.
    static func verify(_ document: String) throws -> [String] { try SignedDocument(Array(document.utf8)).verify() }
}
