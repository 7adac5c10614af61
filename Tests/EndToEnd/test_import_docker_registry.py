"""Storage folders of docker-registry are taken over: what is whole, with every byte, and what is damaged is told by its reason."""
from __future__ import annotations

import json
import lzma
import re
import sqlite3
from pathlib import Path

import trees
from conftest import Make
from images import Image, archive, make_chain, make_id, make_image
from server import Server
from trees import OldV1, problems, report, sums
from v1client import EngineClient

V1_REPOSITORIES = {"test/small": "latest"} | {f"wharf/{name}": "1.0" for name in (
    "private", "three", "three-v1-10-3", "three-v1-3-3", "three-v1-6-2", "three-v1-9-1")}
MIDDLE = "430f97f0a4eeabfcf6959ffe76a9b934ad897822f7ac5a01745c76c360354293"
TOP = "0e4292a25d8a1de2b0e54c7f9c32363d24d915a65296b972ac48c181d9a6b552"
OPEN = "2ba9de2e63bc0ea079dcb51d381a0149c49eb59c7f8434de9990fc570f08494f"
V1_PROBLEMS = sorted([
    ("wharf/damaged", f"image {MIDDLE}", "layer_missing"), ("wharf/damaged", f"image {TOP}", "layer_missing"),
    ("wharf/damaged", "tag 1.0", "layer_missing"), ("wharf/unfinished", f"image {OPEN}", "in_progress")])


def test_tree_of_a_real_docker_registry(make: Make, tmp_path: Path) -> None:
    """Beside a running server; every image that is whole can be pulled, with every byte."""
    tree = trees.docker_registry(tmp_path)
    before = trees.files(tree)
    server = make().start()
    found = report(server.command("import", "docker-registry", str(tree), "--json"), 1)
    assert problems(found) == V1_PROBLEMS
    assert [repository["name"] for repository in found["repositories"] if repository["is_private"]] == ["wharf/private"]
    assert sums(found)[0] == len(V1_REPOSITORIES) and sums(found)[2:] == (0, 0)
    client = EngineClient(server.address)
    for repository, tag in V1_REPOSITORIES.items():
        chain = client.pull(repository, tag)
        assert chain, repository
        for image in chain:
            folder = tree / "images" / image.id
            assert image.json == (folder / "json").read_bytes() and image.layer == (folder / "layer").read_bytes()
        assert chain[-1].id == (tree / "repositories" / repository / f"tag_{tag}").read_text()
        old = json.loads((tree / "repositories" / repository / f"tag{tag}_json").read_text())
        assert server.call("GET", f"/v1/repositories/{repository}/tags/{tag}/json").json == old
    access = {name: server.call("GET", f"/v1/repositories/{name}/properties").json["access"] for name in V1_REPOSITORIES}
    assert access == {name: "private" if name == "wharf/private" else "public" for name in V1_REPOSITORIES}
    # The layer that is whole stays, so that it can be pushed upon; what is damaged is nowhere.
    assert server.call("GET", "/v1/repositories/wharf/damaged/tags").json == {}
    assert server.call("GET", "/v1/repositories/wharf/unfinished/tags").status == 404
    assert trees.files(tree) == before


def test_what_is_public_stays_as_it_is_made_later(tmp_path: Path) -> None:
    """The private flag comes with the first thing that comes, and not again."""
    tree, data = OldV1(tmp_path / "old"), tmp_path / "data"
    tree.add("team/app", make_chain(2))
    (tree.repository("team/app") / "_private").touch()
    report(trees.run(data, "docker-registry", str(tree.root), "--json"))
    server = Server(tmp_path)
    assert json.loads(server.run("repo", "show", "team/app", "--format", "json"))["is_private"]
    server.run("repo", "visibility", "team/app", "public")
    report(trees.run(data, "docker-registry", str(tree.root), "--json"))
    assert not json.loads(server.run("repo", "show", "team/app", "--format", "json"))["is_private"]
    tree.add("team/app", make_chain(1), "new")
    report(trees.run(data, "docker-registry", str(tree.root), "--json"))
    assert json.loads(server.run("repo", "show", "team/app", "--format", "json"))["is_private"]


def test_text_for_people(tmp_path: Path) -> None:
    tree = trees.docker_registry(tmp_path)
    result = trees.run(tmp_path / "data", "docker-registry", str(tree))
    assert result.returncode == 1 and result.stderr == ""
    lines = result.stdout.splitlines()
    assert re.match(r"REPOSITORY +TAGS +IMAGES +BYTES +HERE BEFORE +LEFT OUT$", lines[0])
    assert re.search(r"^wharf/private \(private\) +1 +2 +216 +0 +0$", result.stdout, re.M), result.stdout
    assert re.search(rf"^wharf/damaged +image {MIDDLE} +its layer is missing$", result.stdout, re.M), result.stdout
    assert re.search(rf"^wharf/damaged +image {TOP} +it builds on image 430f97f0a4ee, which is left out: its layer is missing$",
                     result.stdout, re.M)
    assert re.search(r"^wharf/damaged +tag 1.0 +its image 0e4292a25d8a builds on image 430f97f0a4ee, which is left out: its layer is missing$",
                     result.stdout, re.M)
    assert re.search(rf"^wharf/unfinished +image {OPEN} +its push was never finished$", result.stdout, re.M)
    assert re.fullmatch(r"came: 7 tags and \d+ images in 9 repositories, \d+ bytes; here before: 0; left out: 4", lines[-1])


def test_damage_is_told_by_its_reason(tmp_path: Path) -> None:
    """Every kind of damage, and what is whole beside it comes."""
    tree, data = OldV1(tmp_path / "old"), tmp_path / "data"
    expected: list[tuple[str, str, str]] = []

    def spoil(name: str, reason: str) -> list[Image]:
        chain = make_chain(2)
        tree.add(f"damage/{name}", chain)
        expected.extend([(f"damage/{name}", f"image {chain[1].id}", reason), (f"damage/{name}", "tag latest", reason)])
        return chain

    (tree.image(spoil("no-json", "json_missing")[1].id) / "json").unlink()
    (tree.image(spoil("bad-json", "json_invalid")[1].id) / "json").write_text("{")
    chain = spoil("other-id", "id_differs")
    (tree.image(chain[1].id) / "json").write_bytes(make_image(chain[0]).json)
    (tree.image(spoil("sum", "checksum_differs")[1].id) / "layer").write_bytes(b"something else")
    (tree.image(spoil("text-sum", "checksum_differs")[1].id) / "_checksum").write_text("sha256:" + "0" * 64)
    (tree.image(spoil("tarsum", "checksum_differs")[1].id) / "_checksum").write_text("tarsum+sha256:" + "0" * 64)
    (tree.image(spoil("ancestry", "ancestry_broken")[1].id) / "ancestry").write_text(json.dumps([make_id()]))
    (tree.image(spoil("no-ancestry", "ancestry_broken")[1].id) / "ancestry").write_text("?")
    (tree.image(spoil("link", "symbolic_link")[1].id) / "layer").unlink()
    (tree.image(expected[-2][1][6:]) / "layer").symlink_to("/etc/passwd")
    (tree.image(spoil("huge", "too_large")[1].id) / "json").write_bytes(b" " * (5 << 20))
    folder = tree.image(spoil("gone", "image_missing")[1].id)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    loop = [make_id(), make_id()]
    images = [Image(loop[i], json.dumps({"id": loop[i], "parent": loop[1 - i]}).encode(), b"") for i in (0, 1)]
    for image in images:
        tree.add("damage/loop", [image], f"tag{images.index(image)}")
        (tree.image(image.id) / "ancestry").unlink()
    whole = make_chain(3)
    tree.add("damage/whole", whole)
    (tree.image(whole[2].id) / "_checksum").write_text(json.dumps([whole[2].tarsum()]))
    (tree.image(whole[1].id) / "_checksum").unlink()
    (tree.image(whole[0].id) / "ancestry").unlink()
    (tree.repository("damage/whole") / "tag_nothing").write_text("")
    (tree.repository("damage/whole") / "tag_b%20c").write_text(whole[2].id)
    tree.repository("damage/Upper").mkdir()
    found = report(trees.run(data, "docker-registry", str(tree.root), "--json"), 1)
    told = problems(found)
    assert [problem for problem in told if problem in expected] == sorted(expected)
    rest = [problem for problem in told if problem not in expected]
    assert {problem[2] for problem in rest if problem[0] == "damage/loop"} == {"ancestry_broken"}
    assert [problem for problem in rest if problem[0] != "damage/loop"] == [
        ("", "repository damage/Upper", "invalid_name"), ("damage/whole", "tag b%20c", "tag_invalid"),
        ("damage/whole", "tag nothing", "tag_invalid")]
    server = Server(tmp_path).start()
    try:
        assert EngineClient(server.address).pull("damage/whole") == whole
        # Below what is damaged, everything came.
        assert EngineClient(server.address).call("GET", f"/v1/images/{chain[0].id}/json").status == 200
        assert b"root:" not in b"".join(path.read_bytes() for path in trees.objects(server).values())
    finally:
        server.stop()


def test_old_sums_of_xz_say_nothing(tmp_path: Path) -> None:
    """Old registries could not read xz, and wrote the tarsum of nothing down; a sum over the bytes counts all the same."""
    tree, data = OldV1(tmp_path / "old"), tmp_path / "data"
    image = make_image(layer=lzma.compress(archive({"etc/x": b"x"})))
    tree.add("team/app", [image])
    sums = tree.image(image.id) / "_checksum"
    sums.write_text(json.dumps(["sha256:" + "0" * 64, "tarsum+sha256:" + "0" * 64]))
    report(trees.run(data, "docker-registry", str(tree.root), "--json", "--dry-run"), 1)
    sums.write_text(json.dumps(["tarsum+sha256:" + "0" * 64]))
    report(trees.run(data, "docker-registry", str(tree.root), "--json"))


def test_names_are_unquoted(make: Make, tmp_path: Path) -> None:
    tree = OldV1(tmp_path / "old")
    one, two, three = make_chain(1), make_chain(1), make_chain(1)
    tree.add("ns/b%252Fc", one)
    tree.add("library/foo", two, "_x")
    (tree.repository("library/foo") / "tag_x_json").write_text(json.dumps({"last_update": 1400000000, "docker_version": "0.7.2"}))
    outside = tmp_path / "old" / "repositories" / "ns" / "%252E%252E"
    outside.mkdir()
    (outside / "tag_latest").write_text(three[0].id)
    server = make().start()
    found = report(server.command("import", "docker-registry", str(tree.root), "--json"), 1)
    assert problems(found) == [("", "repository ns/%252E%252E", "invalid_name")]
    client = EngineClient(server.address)
    assert client.pull("ns/b/c") == one
    assert client.pull("foo", "_x") == two
    assert client.list_tags("foo") == {"_x": two[0].id}
    details = server.call("GET", "/v1/repositories/foo/tags/_x/json").json
    assert (details["last_update"], details["docker_version"]) == (1400000000, "0.7.2")


def test_descriptions_come_from_the_search_index(make: Make, tmp_path: Path) -> None:
    tree = OldV1(tmp_path / "old")
    for name in ("team/one", "team/two"):
        tree.add(name, make_chain(1))
    index = tmp_path / "index.db"
    with sqlite3.connect(index) as database:
        database.execute("CREATE TABLE version (id INTEGER)")
        database.execute("CREATE TABLE repository (id INTEGER PRIMARY KEY, name VARCHAR(95) UNIQUE, description VARCHAR(100))")
        database.execute("INSERT INTO repository (name, description) VALUES ('team/one', 'The old one'), ('team/two', '')")
    server = make().start()
    report(server.command("import", "docker-registry", str(tree.root), "--search-index", str(index), "--json"))
    results = EngineClient(server.address).search("team")["results"]
    assert {result["name"]: result["description"] for result in results} == {"team/one": "The old one", "team/two": ""}  # type: ignore
    assert sorted(path.name for path in tmp_path.glob("index.db*")) == ["index.db"]
    result = server.command("import", "docker-registry", str(tree.root), "--search-index", str(tree.root / "images"))
    assert result.returncode == 2 and "is no search index of docker-registry" in result.stderr
