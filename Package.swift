// swift-tools-version: 6.2
// Targets stand in dependency order: a target imports only what stands above it (TidyTests checks it).
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let asyncAlgorithms = Target.Dependency.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioLocks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "wharf",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "wharf", targets: ["wharf"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-async-algorithms.git", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", exact: "5.7.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        // 0: values and seams
        .target(name: "ImageModel", dependencies: [crypto], swiftSettings: strict),
        .systemLibrary(name: "CISAL", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CBZip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "LayerArchive", dependencies: ["ImageModel", "CISAL", "CBZip2", "CLZMA", "CZlib", "CZstd", crypto],
            swiftSettings: strict),
        .target(
            name: "ManifestSignatures", dependencies: ["ImageModel", asn1, certificates, crypto, cryptoExtras], swiftSettings: strict),
        .target(name: "StorageTrees", dependencies: ["ImageModel", .product(name: "Yams", package: "Yams")], swiftSettings: strict),
        .target(name: "CLinux"),
        .target(name: "Storage", dependencies: [nioCore, nioLocks], swiftSettings: strict),
        .target(name: "Database", swiftSettings: strict),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .target(name: "Credentials", dependencies: ["CCrypt", crypto, cryptoExtras], swiftSettings: strict),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "Mail", dependencies: ["CCurl"], swiftSettings: strict),
        .target(name: "RegistryLog", dependencies: [logging], swiftSettings: strict),
        .target(name: "RegistryMetrics", dependencies: ["Storage", "Database", nioCore], swiftSettings: strict),
        .target(
            name: "AccessTokens", dependencies: ["ImageModel", crypto, .product(name: "JWTKit", package: "jwt-kit")],
            swiftSettings: strict),

        // ½: drivers
        .target(name: "StorageFile", dependencies: ["Storage", "CLinux", nioCore, nioLocks, nioPosix], swiftSettings: strict),
        .target(
            name: "DatabaseSQLite",
            dependencies: [
                "Database", nioLocks, .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),

        // 1: what a registry does, what goes over the wire, how it gets there
        .target(
            name: "ImageRegistry",
            dependencies: [
                "ImageModel", "LayerArchive", "ManifestSignatures", "Storage", "Database", "Credentials", asyncAlgorithms, crypto, nioCore,
                nioLocks,
            ],
            swiftSettings: strict),
        .target(name: "RegistryWire", dependencies: ["ImageModel"], swiftSettings: strict),
        .target(
            name: "HTTPTransport",
            dependencies: [
                nioCore, nioPosix, nioHTTP1, nioHTTP2, nioHPACK, nioSSL, nioTLS, asn1, certificates, logging, httpTypes, hummingbirdCore,
                lifecycle,
            ],
            swiftSettings: strict),

        // 2: the server, and the other end of what goes over the wire
        .target(
            name: "RegistryClient",
            dependencies: [
                "ImageModel", "RegistryWire", nioCore, nioHTTP1, nioPosix, nioSSL,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict),
        .target(
            name: "RegistryServer",
            dependencies: [
                "ImageModel", "LayerArchive", "Storage", "ImageRegistry", "RegistryWire", "HTTPTransport", "Credentials", "RegistryClient",
                "RegistryLog", "RegistryMetrics", "AccessTokens",
                crypto, nioCore, nioLocks, httpTypes, logging,
                .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
            ],
            swiftSettings: strict),

        // 3: contract suites and transcripts, for tests only
        .target(
            name: "RegistryTesting", dependencies: ["Storage", "Database", nioCore, nioPosix], swiftSettings: strict),

        // 4: the program, the only target that names a driver
        .executableTarget(
            name: "wharf",
            dependencies: [
                "ImageModel", "ImageRegistry", "RegistryWire", "RegistryServer", "RegistryClient", "HTTPTransport", "RegistryLog",
                "RegistryMetrics", "AccessTokens", "Storage",
                "StorageFile", "StorageTrees", "ManifestSignatures", "Database", "DatabaseSQLite", "Credentials", "Mail",
                nioCore, nioPosix, httpTypes, logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),

        .testTarget(name: "TidyTests", swiftSettings: strict),
        .testTarget(name: "LayerArchiveTests", dependencies: ["LayerArchive", "ImageModel", crypto], swiftSettings: strict),
        .testTarget(name: "ManifestSignaturesTests", dependencies: ["ManifestSignatures", "ImageModel", crypto], swiftSettings: strict),
        .testTarget(name: "StorageTreesTests", dependencies: ["StorageTrees", "ImageModel"], swiftSettings: strict),
        .testTarget(name: "CredentialsTests", dependencies: ["Credentials", crypto, nioLocks], swiftSettings: strict),
        .testTarget(name: "MailTests", dependencies: ["Mail", nioCore, nioPosix], swiftSettings: strict),
        .testTarget(
            name: "RegistryClientTests",
            dependencies: [
                "RegistryClient", "RegistryWire", "ImageModel", "HTTPTransport", nioCore, nioPosix, httpTypes, logging, lifecycle,
            ],
            swiftSettings: strict),
        .testTarget(name: "RegistryLogTests", dependencies: ["RegistryLog", logging], swiftSettings: strict),
        .testTarget(
            name: "RegistryMetricsTests", dependencies: ["RegistryMetrics", "Storage", "Database", nioCore], swiftSettings: strict),
        .testTarget(
            name: "AccessTokensTests",
            dependencies: ["AccessTokens", "ImageModel", crypto, .product(name: "JWTKit", package: "jwt-kit")], swiftSettings: strict),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: [
                "HTTPTransport", nioCore, nioLocks, nioPosix, nioHTTP1, nioHTTP2, nioHPACK, asn1, nioSSL, nioTLS, certificates, crypto,
                httpTypes, logging,
                lifecycle,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: ["wharf", "ImageModel", "ImageRegistry", "RegistryWire", "RegistryClient", "RegistryLog", "Mail", logging],
            swiftSettings: strict),
        .testTarget(name: "ImageModelTests", dependencies: ["ImageModel", crypto], swiftSettings: strict),
        .testTarget(
            name: "StorageTests", dependencies: ["Storage", "StorageFile", "RegistryTesting", nioCore, nioPosix], swiftSettings: strict),
        .testTarget(name: "DatabaseTests", dependencies: ["Database", "DatabaseSQLite", "RegistryTesting"], swiftSettings: strict),
        .testTarget(
            name: "ImageRegistryTests",
            dependencies: [
                "ImageModel", "LayerArchive", "ManifestSignatures", "ImageRegistry", "RegistryTesting", "Storage", "Database",
                "DatabaseSQLite",
                "Credentials", crypto, nioCore,
            ],
            swiftSettings: strict),
        .testTarget(name: "RegistryWireTests", dependencies: ["ImageModel", "RegistryWire"], swiftSettings: strict),
        .testTarget(
            name: "RegistryServerTests",
            dependencies: [
                "LayerArchive", "ManifestSignatures", crypto, nioLocks, "ImageModel", "ImageRegistry", "RegistryWire", "RegistryServer",
                "HTTPTransport",
                "RegistryTesting", "Storage",
                "StorageFile",
                "Database", "DatabaseSQLite", "Credentials", "AccessTokens", "RegistryMetrics", nioCore, nioPosix, logging,
            ],
            swiftSettings: strict),
    ]
)
