/// The page docs/configuration.md.
enum Reference {
    static func markdown(_ definitions: [SettingDefinition]) -> String {
        ([introduction] + definitions.map(entry) + [rules]).joined(separator: "\n")
    }

    private static let introduction = """
        # Configuration

        <!-- Written by `wharf config reference > docs/configuration.md`. Change Sources/wharf/Configuration/Settings*.swift instead. -->

        `wharf serve` needs no configuration. Every setting below can be given in three ways; the first that is there wins:

        1. as a flag of `wharf serve`: `--log-level debug` or `--log-level=debug`,
        2. as a variable of the environment: `WHARF_LOG_LEVEL=debug`,
        3. in the YAML file that `--config FILE` or `WHARF_CONFIG` names.

        ```yaml
        listen: 0.0.0.0:5000
        auth: accounts
        tls:
          certificate: /etc/wharf/registry.pem
          key: /etc/wharf/registry.key
        allow_from: [10.0.0.0/8, "2001:db8::/32"]
        limits:
          layer_size: 10GiB
        ```

        `wharf config print`, with the same flags, environment and file, shows every setting, its value and where it came from.

        What is misspelt is refused: an unknown flag, key or `WHARF_` variable, or a value that is not accepted, ends `wharf serve` before it
        starts, with exit code 2 and a message that names it. (Variables that Kubernetes makes for a service called `wharf`, such as
        `WHARF_PORT_5000_TCP_ADDR`, are left alone.) The file may have 256 KiB, and no anchors and aliases.

        Sizes are bytes, or have a unit: `kB`, `MB`, `GB`, `TB` (powers of 1000) or `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024).
        Times have the unit `ms`, `s`, `m`, `h` or `d`. Lists have commas between their elements; in the file they may also be YAML sequences.

        Settings that do not go together, such as a certificate without its key, are refused at the start as well, all at once. `rules` and
        `groups`, which only the file can have, are [at the end of this page](#rules-and-groups).

        SIGHUP makes a running server read again `rules` and `groups`, `read_only` and `immutable_tags`, the certificates and
        their keys, the password file and the keys of a token server, and open the audit log anew. When something is wrong with them, it says so in the log and goes on with what it has. All other
        settings count from the next start.

        """

    private static let rules = """
        ## `rules` and `groups`

        In the file only. With `auth: accounts` or `auth: password_file`, each rule grants something; none takes anything away. With
        `auth: password_file`, everybody listed may do everything as long as there is no rule.

        ```yaml
        groups:
          builders: [alice, robot_1]
        rules:
          - repositories: ["team/*", "tools"]
            who: ["@builders", "carol"]
            actions: [pull, push]
          - repositories: ["*"]
            who: [users]
            actions: [pull]
        ```

        A rule has three lists, each with at least one element:

        - `repositories`: names of repositories in small letters. `*` stands for any run of characters, slashes too: `team/*` is everything in the
          namespace `team`, `*` is everything. A name without a slash and a star is in `library`, as everywhere: `tools` is `library/tools`.
        - `who`: names of users; `@` and the name of a group; `users`, which is everybody who is logged in; `anonymous`, which is everybody, also
          without credentials. What begins with `@` needs quotes, as YAML has it.
        - `actions`: `pull`; `push`, which is also `pull`; `delete`, which is everything: to delete the repository, to make it public or private,
          and to say who else may use it.

        `groups` gives a name to a list of users. A group cannot have groups in it.

        """

    private static func entry(_ definition: SettingDefinition) -> String {
        var lines = ["## `\(definition.key)`", definition.meaning]
        lines.append(
            "- Flag: `\(definition.key.flag) \(definition.placeholder)`; environment: `\(definition.key.variable)`; default: "
                + (definition.defaultText.map { "`\($0)`" } ?? "not set"))
        if !definition.isAllowedInFile { lines.append("- Not in the file") }
        lines.append("- Accepted: \(definition.accepted)")
        if definition.isSecret {
            lines.append("- Secret: never shown nor logged; better not given as a flag, which other users of the machine see")
        }
        return (lines + [""]).joined(separator: "\n")
    }
}
