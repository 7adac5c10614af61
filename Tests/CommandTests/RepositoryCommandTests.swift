import Foundation
import Testing

@testable import wharf

@Suite("wharf org, wharf member and wharf repo")
struct RepositoryCommandTests {
    @Test("organizations have members with access, and go when nothing is left in them")
    func organizations() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            for name in ["alice", "bobby"] {
                try data.prepare("user", "add", name, "--email", "\(name)@example.com", "--password-stdin", input: "hunter2\n")
            }
            #expect(try data.run("org", "create", "team_1") == .done("team_1 is an organization"))
            try data.prepare("org", "create", "a_team")
            #expect(try data.run("org", "list") == .done("NAME\na_team\nteam_1"))
            #expect(
                try data.run("org", "list", "--format", "json").output == """
                    [
                      {
                        "name" : "a_team"
                      },
                      {
                        "name" : "team_1"
                      }
                    ]

                    """)
            #expect(try data.run("member", "add", "team_1", "bobby") == .done("bobby may pull in team_1"))
            #expect(try data.run("member", "add", "team_1", "alice", "--access", "admin") == .done("alice may do everything in team_1"))
            #expect(try data.run("member", "add", "team_1", "bobby", "--access=write") == .done("bobby may pull and push in team_1"))
            #expect(try data.run("member", "list", "team_1") == .done("USER   ACCESS\nalice  admin\nbobby  write"))
            #expect(try data.run("member", "add", "nowhere", "bobby") == .failed("there is no organization nowhere"))
            #expect(try data.run("member", "add", "team_1", "nobody1") == .failed("there is no user nobody1"))
            #expect(try data.run("member", "list", "nowhere") == .failed("there is no organization nowhere"))
            #expect(try data.run("member", "remove", "team_1", "bobby") == .done("bobby is no longer a member of team_1"))
            #expect(try data.run("member", "remove", "team_1", "bobby") == .failed("bobby is no member of team_1"))
            #expect(try data.run("member", "list", "team_1") == .done("USER   ACCESS\nalice  admin"))

            try data.prepare("repo", "visibility", "team_1/app", "private")
            #expect(
                try data.run("org", "delete", "team_1")
                    == .failed(
                        "team_1 has repositories, which nobody would own: delete them first (`wharf repo list --namespace team_1` shows them)"
                    ))
            try data.prepare("repo", "delete", "team_1/app", "--yes")
            #expect(try data.run("org", "delete", "team_1") == .done("the organization team_1 is deleted"))
            #expect(try data.run("org", "delete", "team_1") == .failed("there is no organization team_1"))
            #expect(
                try data.audited().dropFirst(2) == [
                    "organization.create team_1 done", "organization.create a_team done", "member.add team_1 done bobby read",
                    "member.add team_1 done alice admin", "member.add team_1 done bobby write", "member.remove team_1 done bobby",
                    "repository.visibility team_1/app done private", "repository.delete team_1/app done", "organization.delete team_1 done",
                ])
        }
    }

    @Test("a repository is described, starred, made official and private, shared, and deleted")
    func repositories() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
            #expect(try data.run("repo", "describe", "tools", "x") == .failed("there is no repository tools"))
            #expect(try data.run("repo", "visibility", "tools", "public") == .done("tools is public"))
            #expect(try data.run("repo", "visibility", "team/a/b", "private") == .done("team/a/b is private"))
            #expect(try data.run("repo", "describe", "library/tools", "Small \u{1b}[31m").code == 2)
            #expect(try data.run("repo", "describe", "library/tools", "Small tools, über 7") == .done("tools has a new description"))
            #expect(try data.run("repo", "official", "tools", "on") == .done("tools is official"))
            #expect(try data.run("repo", "star", "tools", "alice") == .done("tools has 1 star"))
            #expect(try data.run("repo", "star", "tools", "alice") == .done("tools has 1 star"))
            #expect(
                try data.run("member", "add", "library/tools", "alice", "--access", "write") == .done("alice may pull and push in tools"))
            #expect(
                try data.run("repo", "list").timeless == """
                    NAME           VISIBILITY  TAGS  IMAGES  STARS  OFFICIAL  SINCE                 DESCRIPTION
                    library/tools  public      0     0       1      yes       TIME  Small tools, über 7
                    team/a/b       private     0     0       0      no        TIME

                    """)
            #expect(try data.run("repo", "list", "--namespace", "team").output.split(separator: "\n").count == 2)
            #expect(
                try data.run("repo", "list", "--namespace", "team", "--format", "json").timeless == """
                    [
                      {
                        "created_at" : "TIME",
                        "description" : "",
                        "image_count" : 0,
                        "is_official" : false,
                        "is_private" : true,
                        "name" : "team/a/b",
                        "star_count" : 0,
                        "tag_count" : 0
                      }
                    ]

                    """)
            #expect(
                try data.run("repo", "show", "tools").timeless == """
                    NAME           library/tools
                    VISIBILITY     public
                    TAGS           0
                    IMAGES         0
                    STARS          1
                    OFFICIAL       yes
                    SINCE          TIME
                    DESCRIPTION    Small tools, über 7
                    COLLABORATORS  alice (write)

                    """)
            let json = try data.run("repo", "show", "tools", "--format", "json")
            let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect(parsed?["name"] as? String == "library/tools")
            #expect(parsed?["collaborators"] as? [[String: String]] == [["user": "alice", "access": "write"]])
            #expect(try data.run("repo", "star", "tools", "alice", "--remove") == .done("tools has 0 stars"))
            #expect(try data.run("repo", "official", "tools", "off") == .done("tools is not official"))
            #expect(try data.run("repo", "describe", "tools", "") == .done("tools has no description"))
            #expect(try data.run("repo", "star", "tools", "nobody1") == .failed("there is no user nobody1"))
            #expect(try data.run("repo", "delete", "tools", "--yes") == .done("tools is deleted"))
            for command in [["show", "tools"], ["official", "tools", "on"], ["star", "tools", "alice"], ["delete", "tools", "--yes"]] {
                #expect(
                    try Program.run(["repo"] + command + ["--data", data.path]) == .failed("there is no repository tools"))
            }
            #expect(try data.run("member", "list", "library/tools") == .failed("there is no repository tools"))
        }
    }
}
