import Testing

@Suite("This repository is tidy")
struct RepositoryTests {
    /// What is written by hand; recordings and transcripts are not.
    private func written() throws -> [Repository.File] {
        try ["Sources", "Tests", "docs"].flatMap { folder in
            try Repository.files(below: folder, ending: [".swift", ".c", ".h", ".py", ".sh", ".md", "/run"])
        } + ["Package.swift", "run", "test", ".ci/run"].map(Repository.file)
    }

    @Test("every import is in the table, and the table points inwards")
    func imports() throws {
        #expect(houseComplaints(House.targets) == [])
        for target in House.targets {
            let complaints = try Repository.files(below: "Sources/\(target.name)").flatMap { importComplaints($0, of: target) }
            #expect(complaints == [])
        }
    }

    @Test("the table has the targets of the package, in its order")
    func targets() throws {
        let names = House.targets.map(\.name)
        let package = packageTargets(try Repository.file("Package.swift").text)
        #expect(package == names)
        let folders = try Repository.folders(in: "Sources")
        #expect(folders == names.sorted())
    }

    @Test("only the program names a driver, only the SQLite driver names GRDB, and only tests the contract suites")
    func drivers() {
        func importers(_ module: String) -> [String] {
            House.targets.filter { ($0.imports + $0.outside).contains(module) }.map(\.name)
        }
        #expect(importers("StorageFile") == ["wharf"])
        #expect(importers("DatabaseSQLite") == ["wharf"])
        #expect(importers("GRDB") == ["DatabaseSQLite"])
        #expect(importers("RegistryTesting") == [])
        #expect(importers("wharf") == [])
    }

    @Test("what a registry does knows no HTTP; what goes over the wire knows values only")
    func inside() throws {
        let registry = try #require(House.targets.first { $0.name == "ImageRegistry" })
        #expect(
            (registry.imports + registry.outside).filter { $0.contains("HTTP") || $0.contains("Hummingbird") || $0 == "NIOPosix" } == [])
        let wire = try #require(House.targets.first { $0.name == "RegistryWire" })
        #expect(wire.imports == ["ImageModel"])
        #expect(wire.outside == ["FoundationEssentials"])
        let values = try #require(House.targets.first { $0.name == "ImageModel" })
        #expect(values.imports == [])
    }

    @Test("SQL stands in the catalog only")
    func sql() throws {
        let complaints = try Repository.files(below: "Sources").flatMap(sqlComplaints)
        #expect(complaints == [])
    }

    @Test("no file has more than 500 lines")
    func lengths() throws {
        // The reference of all settings is generated, and as long as there are settings.
        let complaints = try written().filter { $0.path != "docs/configuration.md" }.flatMap(lengthComplaints)
        #expect(complaints == [])
    }

    @Test("no file has tabs or blanks at the end of a line")
    func blanks() throws {
        let complaints = try written().flatMap(blankComplaints)
        #expect(complaints == [])
    }

    @Test("nothing in Sources stops the process on bad input")
    func traps() throws {
        let complaints = try Repository.files(below: "Sources").flatMap(trapComplaints)
        #expect(complaints == [])
    }

    @Test("whoever switches off a check of the compiler says why nothing can go wrong")
    func unchecked() throws {
        let complaints = try Repository.files(below: "Sources").flatMap(uncheckedComplaints)
        #expect(complaints == [])
    }

    @Test("the toolchain's formatter has nothing to change")
    func format() throws {
        let complaints = try Formatter.complaints(about: ["Sources", "Tests", "Package.swift"], in: Repository.root)
        #expect(complaints == nil)
    }
}
