/// Who may import whom. A target stands below everything of the project that it imports, as in Package.swift; nobody imports a target of a
/// higher level.
enum House {
    struct Target {
        let level: Double
        let name: String
        let imports: [String]
        let outside: [String]

        init(_ level: Double, _ name: String, imports: [String] = [], outside: [String] = []) {
            self.level = level
            self.name = name
            self.imports = imports
            self.outside = outside
        }
    }

    static let targets = [
        Target(0, "ImageModel", outside: ["Crypto", "FoundationEssentials"]),
        Target(0, "CISAL"),
        Target(0, "CBZip2"),
        Target(0, "CLZMA"),
        Target(0, "CZlib"),
        Target(0, "CZstd"),
        Target(
            0, "LayerArchive", imports: ["ImageModel", "CISAL", "CBZip2", "CLZMA", "CZlib", "CZstd"],
            outside: ["Crypto", "Synchronization"]),
        Target(
            0, "ManifestSignatures", imports: ["ImageModel"],
            outside: ["Crypto", "CryptoExtras", "FoundationEssentials", "SwiftASN1", "X509"]),
        Target(0, "StorageTrees", imports: ["ImageModel"], outside: ["FoundationEssentials", "Glibc", "Yams"]),
        Target(0, "CLinux"),
        Target(0, "Storage", outside: ["Glibc", "NIOConcurrencyHelpers", "NIOCore"]),
        Target(0, "Database"),
        Target(0, "CCrypt"),
        Target(
            0, "Credentials", imports: ["CCrypt"],
            outside: ["Crypto", "CryptoExtras", "Dispatch", "FoundationEssentials", "Glibc", "Synchronization"]),
        Target(0, "CCurl"),
        Target(0, "Mail", imports: ["CCurl"], outside: ["Dispatch", "FoundationEssentials", "Synchronization"]),
        Target(0, "RegistryLog", outside: ["Dispatch", "FoundationEssentials", "Glibc", "Logging", "Synchronization"]),
        Target(0, "RegistryMetrics", imports: ["Storage", "Database"], outside: ["Glibc", "NIOCore", "Synchronization"]),
        Target(0, "AccessTokens", imports: ["ImageModel"], outside: ["Crypto", "FoundationEssentials", "JWTKit", "Synchronization"]),
        Target(0.5, "StorageFile", imports: ["Storage", "CLinux"], outside: ["Glibc", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix"]),
        Target(
            0.5, "DatabaseSQLite", imports: ["Database"], outside: ["Foundation", "Glibc", "GRDB", "GRDBSQLite", "NIOConcurrencyHelpers"]),
        Target(
            1, "ImageRegistry", imports: ["ImageModel", "LayerArchive", "ManifestSignatures", "Storage", "Database", "Credentials"],
            outside: ["AsyncAlgorithms", "Crypto", "NIOConcurrencyHelpers", "NIOCore"]),
        Target(1, "RegistryWire", imports: ["ImageModel"], outside: ["FoundationEssentials"]),
        Target(
            1, "HTTPTransport",
            outside: [
                "Glibc", "HTTPTypes", "HummingbirdCore", "Logging", "NIOCore", "NIOHPACK", "NIOHTTP1", "NIOHTTP2", "NIOPosix", "NIOSSL",
                "NIOTLS", "ServiceLifecycle", "SwiftASN1", "Synchronization", "X509",
            ]),
        Target(
            2, "RegistryClient", imports: ["ImageModel", "RegistryWire"],
            outside: ["AsyncHTTPClient", "FoundationEssentials", "Glibc", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL"]),
        Target(
            2, "RegistryServer",
            imports: [
                "ImageModel", "LayerArchive", "Storage", "Credentials", "RegistryLog", "ImageRegistry", "RegistryWire", "HTTPTransport",
                "RegistryClient", "RegistryMetrics", "AccessTokens",
            ],
            outside: [
                "Crypto", "FoundationEssentials", "HTTPTypes", "Logging", "NIOConcurrencyHelpers", "NIOCore",
                "NIOFoundationEssentialsCompat",
            ]),
        Target(
            3, "RegistryTesting", imports: ["Storage", "Database"],
            outside: ["Foundation", "FoundationEssentials", "Glibc", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix", "Testing"]),
        Target(
            4, "wharf",
            imports: [
                "ImageModel", "ImageRegistry", "RegistryWire", "RegistryServer", "RegistryClient", "HTTPTransport", "RegistryLog",
                "RegistryMetrics", "AccessTokens", "Storage", "StorageFile", "StorageTrees", "ManifestSignatures", "Database",
                "DatabaseSQLite",
                "Credentials", "Mail",
            ],
            outside: [
                "ArgumentParser", "Configuration", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "HTTPTypes", "Logging",
                "NIOCore", "NIOPosix", "ServiceLifecycle", "Synchronization", "SystemPackage", "UnixSignals", "Yams",
            ]),
    ]
}

/// Complaints about the imports of a file that belongs to a target.
func importComplaints(_ file: Repository.File, of target: House.Target) -> [String] {
    file.lines.compactMap { line in
        guard let written = importedModule(line.text) else { return nil }
        let module = ["Darwin", "Musl"].contains(written) ? "Glibc" : written
        guard !target.imports.contains(module), !target.outside.contains(module) else { return nil }
        return "\(file.path):\(line.number): \(target.name) may not import \(written)"
    }
}

/// The module of an import declaration: `@testable public import struct Module.Type`.
func importedModule(_ line: Substring) -> String? {
    // Regular expressions are slow in debug builds, and nearly no line needs one.
    guard line.contains("import") else { return nil }
    let pattern =
        #/
        ^\s*(?:@\w+(?:\([^)]*\))?\s+)*
        (?:(?:public|package|internal|fileprivate|private)\s+)?
        import\s+(?:(?:struct|class|enum|protocol|typealias|func|var|let|actor)\s+)?(\w+)
        /#
    return line.firstMatch(of: pattern).map { String($0.1) }
}

/// Complaints about a table in which a target imports what does not stand above it, or has a higher level.
func houseComplaints(_ targets: [House.Target]) -> [String] {
    var above: [String: House.Target] = [:]
    var complaints: [String] = []
    for target in targets {
        for name in target.imports {
            guard let imported = above[name] else {
                complaints.append("\(target.name) imports \(name), which does not stand above it")
                continue
            }
            if imported.level > target.level { complaints.append("\(target.name) imports \(name), which has a higher level") }
        }
        above[target.name] = target
    }
    return complaints
}

/// The names of the targets in a package description, in its order, without the tests.
func packageTargets(_ description: String) -> [String] {
    description.matches(of: #/\.(?:executableTarget|systemLibrary|target)\(\s*name:\s*"(\w+)"/#).map { String($0.1) }
}
