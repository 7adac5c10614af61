import ImageModel

extension PrintedSettings {
    /// The sections as a file has them; a comment for one that is not there.
    static func yaml(_ sections: RuleSections) -> String {
        RuleSections.Name.allCases.map { name in
            guard let origin = sections.origins[name] else { return "# \(name.rawValue): (not set)  # \(Origin.defaultValue)\n" }
            return "\(name.rawValue):  # \(Visible.text("\(origin)"))\n" + entries(name, of: sections)
        }.joined()
    }

    private static func entries(_ name: RuleSections.Name, of sections: RuleSections) -> String {
        switch name {
        case .groups:
            sections.groups.map { indent(1) + quoted($0.name) + ": " + list($0.members) + "\n" }.joined()
        case .rules:
            sections.rules.map { rule in
                let lines = rule.fields.map { "\($0.name): \(list($0.values))\n" }
                return indent(1) + "- " + lines.joined(separator: indent(2))
            }.joined()
        }
    }

    private static func list(_ values: [String]) -> String {
        "[" + values.map(quoted).joined(separator: ", ") + "]"
    }
}

extension RuleSections {
    /// How many there are, for a table.
    func count(_ name: Name) -> String {
        guard origins[name] != nil else { return "-" }
        let (count, noun) =
            switch name {
            case .groups: (groups.count, "group")
            case .rules: (rules.count, "rule")
            }
        return "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    func origin(_ name: Name) -> Origin { origins[name] ?? .defaultValue }
}

extension RuleSections.Rule {
    /// As the file names them, in its order.
    var fields: [(name: String, values: [String])] {
        [
            ("repositories", repositories.map(\.description)), ("who", who.map(\.description)), ("actions", actions.map(\.rawValue)),
        ]
    }
}
