"""Imports of either kind: again and again, killed, in a dry run, with little memory, and beside what is here already."""
from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import trees
from conftest import Make
from contents import Contents
from images import Image, make_chain, make_id, make_image
from server import BINARY, clean_environment
from trees import OldV1, OldV2, problems, report, sums
from v1client import EngineClient
from v2client import digest


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    for kind, tree, status in (("docker-registry", trees.docker_registry(tmp_path), 1), ("distribution", trees.distribution(tmp_path), 0)):
        data = tmp_path / f"data-{kind}"
        first = report(trees.run(data, kind, str(tree), "--json"), status)
        before, catalog = trees.snapshot(data), (data / "catalog.sqlite").read_bytes()
        again = report(trees.run(data, kind, str(tree), "--json"), status)
        assert problems(again) == problems(first)
        assert sums(again)[:2] == (0, 0) and sums(again)[2] == sums(first)[0]
        assert sum(repository["bytes"] for repository in again["repositories"]) == 0
        assert trees.snapshot(data) == before
        assert (data / "catalog.sqlite").read_bytes() == catalog


def test_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    for kind, tree, status in (("docker-registry", trees.docker_registry(tmp_path), 1), ("distribution", trees.distribution(tmp_path), 0)):
        data = tmp_path / f"data-{kind}"
        dry = report(trees.run(data, kind, str(tree), "--json", "--dry-run"), status)
        assert not data.exists()
        wet = report(trees.run(data, kind, str(tree), "--json"), status)
        assert (dry.pop("is_dry_run"), wet.pop("is_dry_run")) == (True, False)
        assert dry == wet
        before = trees.files(data)
        report(trees.run(data, kind, str(tree), "--json", "--dry-run"), status)
        after = trees.files(data)
        assert {name for name in after if before.get(name) != after[name]} <= {"catalog.sqlite-shm", "catalog.sqlite-wal"}


def test_tags_of_ours_are_kept(make: Make, tmp_path: Path) -> None:
    v1, v2, server = OldV1(tmp_path / "v1"), OldV2(tmp_path / "v2"), make("--immutable-tags", "*:fixed").start()
    own, old = make_chain(2), make_chain(2)
    client = EngineClient(server.address)
    for tag in ("latest", "fixed"):
        client.push("team/app", own, tag)
        v1.add("team/app", old, tag)
    contents = Contents()
    contents.tags["latest"] = contents.image("fixed")
    v2.add("team/app", contents)
    for kind, root in (("docker-registry", v1.root), ("distribution", v2.root)):
        found = report(server.command("import", kind, str(root), "--json"), 1)
        assert problems(found) == [("team/app", "tag fixed", "tag_kept"), ("team/app", "tag latest", "tag_kept")]
        assert client.list_tags("team/app") == {"latest": own[1].id, "fixed": own[1].id}
    found = report(server.command("import", "docker-registry", str(v1.root), "--replace-tags", "--dry-run", "--json"), 1)
    assert problems(found) == [("team/app", "tag fixed", "tag_immutable")]
    assert client.list_tags("team/app")["latest"] == own[1].id
    found = report(server.command("import", "docker-registry", str(v1.root), "--replace-tags", "--json"), 1)
    assert problems(found) == [("team/app", "tag fixed", "tag_immutable")]
    assert client.list_tags("team/app") == {"latest": old[1].id, "fixed": own[1].id}
    assert client.pull("team/app") == old


def test_another_image_of_the_id_is_kept(make: Make, tmp_path: Path) -> None:
    tree, server = OldV1(tmp_path / "old"), make().start()
    ours = make_chain(1)
    theirs = [make_image(image_id=ours[0].id)]
    EngineClient(server.address).push("team/app", ours)
    tree.add("team/app", theirs + [make_image(theirs[0])])
    tree.add("team/other", theirs)
    found = report(server.command("import", "docker-registry", str(tree.root), "--json"), 1)
    assert {problem[0] for problem in problems(found)} == {"team/app"}
    assert EngineClient(server.address).pull("team/app") == ours
    listing = EngineClient(server.address)
    listing.list_images("team/other")
    assert listing.pull("team/other") == theirs


def test_only_some_repositories(tmp_path: Path) -> None:
    v1, v2, data = OldV1(tmp_path / "v1"), OldV2(tmp_path / "v2"), tmp_path / "data"
    for name in ("team/one", "team/two", "other/one", "library/tools"):
        v1.add(name, make_chain(1))
        contents = Contents()
        contents.image("v2")
        v2.add(name, contents)
    flags = ("--repository", "team/*", "--repository", "tools", "--json")
    for kind, root in (("docker-registry", v1.root), ("distribution", v2.root)):
        found = report(trees.run(data, kind, str(root), *flags))
        assert [repository["name"] for repository in found["repositories"]] == ["tools", "team/one", "team/two"]
    assert len(trees.snapshot(data)["repository"]) == 3


def test_new_repositories_are_as_the_configuration_says(tmp_path: Path) -> None:
    tree, data = OldV2(tmp_path / "old"), tmp_path / "data"
    contents = Contents()
    contents.image("1")
    tree.add("team/app", contents)
    report(trees.run(data, "distribution", str(tree.root), "--json", "--auth", "accounts"))
    assert trees.snapshot(data)["repository"] == ["(None, 'team/app', '', 1)"]


def test_wrong_calls(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments in (["docker-registry", str(tmp_path / "empty")], ["distribution", str(tmp_path / "empty")],
                      ["distribution", str(tmp_path / "nowhere")], ["distribution", str(tmp_path), "--link", "soft"],
                      ["docker-registry", str(tmp_path), "--repository", "UPPER"]):
        result = trees.run(tmp_path / "data", *arguments)
        assert result.returncode == 2 and result.stdout == "" and result.stderr.startswith("Error: "), (arguments, result)
    assert not (tmp_path / "data").exists()


def test_killed_and_begun_again(tmp_path: Path) -> None:
    """At any point: what is there afterwards is what one import in peace brings."""
    v1, v2 = OldV1(tmp_path / "v1"), OldV2(tmp_path / "v2")
    base = make_chain(2)
    for number in range(12):
        v1.add(f"team/v1-{number}", base + [make_image(base[1])], "latest", sums=number % 3 > 0)
        contents = Contents()
        contents.image("1")
        contents.platforms("list")
        v2.add(f"team/v2-{number}", contents)
    peace, storm = tmp_path / "peace", tmp_path / "storm"
    source = random.Random(5)
    for kind, root in (("docker-registry", v1.root), ("distribution", v2.root)):
        began = time.monotonic()
        report(trees.run(peace, kind, str(root), "--json"))
        length = time.monotonic() - began
        kills = 0
        for _ in range(200):
            process = subprocess.Popen([str(BINARY), "import", kind, str(root), "--data", str(storm)], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=clean_environment())
            try:
                _, complaint = process.communicate(timeout=source.uniform(0.05, max(0.2, length)) if kills < 12 else 120)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                kills += 1
                continue
            assert process.returncode == 0, complaint
            if kills >= 3:
                break
        assert kills >= 3
    for table, rows in trees.snapshot(peace).items():
        if table == "objects":
            assert set(rows) <= set(trees.snapshot(storm)["objects"])
        else:
            assert trees.snapshot(storm)[table] == rows, table


def test_memory_does_not_grow_with_layers(tmp_path: Path) -> None:
    v1, v2, data = OldV1(tmp_path / "v1"), OldV2(tmp_path / "v2"), tmp_path / "data"
    small = make_image()
    v1.add("team/small", [small])
    image = Image(make_id(), b"", b"")
    image = Image(image.id, json.dumps({"id": image.id}).encode(), b"")
    v1.add("team/large", [image], sums=False)
    with open(v1.image(image.id) / "layer", "r+b") as file:
        file.truncate(600 << 20)
    contents = Contents()
    contents.image("1")
    v2.add("team/app", contents)
    with open(tmp_path / "zeros", "wb") as file:
        file.truncate(600 << 20)
    name = "sha256:" + subprocess.run(["sha256sum", str(tmp_path / "zeros")], capture_output=True, text=True, check=True).stdout[:64]
    tree = v2.data(name)
    tree.parent.mkdir(parents=True)
    (tmp_path / "zeros").rename(tree)
    v2.link("team/large", f"_layers/{name.replace(':', '/')}", name)
    large = Contents()
    large.manifest({"mediaType": "application/vnd.oci.image.manifest.v1+json", "config": large.blob(b"{}", "application/vnd.oci.empty.v1+json"),
                    "layers": [{"mediaType": "application/octet-stream", "digest": name, "size": 600 << 20}]}, "1")
    v2.add("team/large", large)

    def peak(*arguments: str) -> int:
        """Bytes, at most, of one import."""
        process = subprocess.Popen([str(BINARY), "import", *arguments, "--data", str(data)], stdout=subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL, env=clean_environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        return usage.ru_maxrss * 1024

    for kind, root, name in (("docker-registry", v1.root, "team/small"), ("distribution", v2.root, "team/app")):
        low = peak(kind, str(root), "--repository", name)
        high = peak(kind, str(root), "--repository", "team/large")
        assert high - low < 48 << 20, (kind, low, high)


def test_the_audit_log_says_that_it_was_made(tmp_path: Path) -> None:
    tree, data = OldV1(tmp_path / "old"), tmp_path / "data"
    tree.add("team/app", make_chain(1))
    report(trees.run(data, "docker-registry", str(tree.root), "--json"))
    events = [json.loads(line) for line in (data / "audit.log").read_text().splitlines()]
    assert [(event["action"], event["target"], event["outcome"]) for event in events] == [
        ("import.docker_registry", str(tree.root), "done")] * 2
    assert events[0]["detail"] == "begun" and events[1]["detail"].startswith("came: 1 tags and 1 images in 1 repositories, ")
