import Foundation
import Testing

@testable import wharf

@Suite("The reference of the settings")
struct ReferenceTests {
    private func committedPage() throws -> String {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
    }

    @Test("docs/configuration.md is what `wharf config reference` prints")
    func committed() throws {
        let page = try committedPage()
        #expect(page == Reference.markdown(Settings.definitions))
    }

    @Test("docs/configuration.md has an entry for every setting")
    func entries() throws {
        let page = try committedPage()
        for definition in Settings.definitions {
            #expect(page.contains("## `\(definition.key)`\n"))
            #expect(
                page.contains(
                    "- Flag: `\(definition.key.flag) \(definition.placeholder)`; environment: `\(definition.key.variable)`; default: "))
        }
    }

    @Test("an entry has the flag, the variable, the default and what is accepted")
    func entry() {
        let definition = Setting<Int>("a.b_c", .count(1...9), default: 3, isSecret: true, isAllowedInFile: false, meaning: "What it is.")
            .definition
        #expect(
            Reference.markdown([definition]).contains(
                """
                ## `a.b_c`
                What it is.
                - Flag: `--a-b-c N`; environment: `WHARF_A_B_C`; default: `3`
                - Not in the file
                - Accepted: a number from 1 to 9
                - Secret: never shown nor logged; better not given as a flag, which other users of the machine see

                """))
    }

    @Test("the help has a paragraph for each setting, within 79 columns")
    func help() {
        let help = HelpText.settings(Settings.definitions)
        for definition in Settings.definitions {
            #expect(help.contains("  \(definition.key.flag) \(definition.placeholder)\n"))
        }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 79 })
        #expect(HelpText.wrap("aa bbb c dddddddddd", indent: 2, width: 8) == "  aa bbb\n  c\n  dddddddddd")
    }
}
