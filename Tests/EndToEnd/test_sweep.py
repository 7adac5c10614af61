"""What nothing needs any more is swept away; what was acknowledged, or is in flight, stays."""
from __future__ import annotations

import json
import random
import re
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from conftest import Make
from contents import Contents, Manifest
from server import Server
from v2client import V2Client, digest, expect, location

#: Everything is swept as soon as that is allowed.
EAGER = ("--sweep-grace", "1s", "--sweep-interval", "1s")


def stored(server: Server) -> set[str]:
    """The digests of the blobs that take up room."""
    return {f"{path.parent.parent.name}:{path.name}" for path in server.data.rglob("*")
            if path.is_file() and path.parent.parent.name in ("sha256", "sha512")}


def wait_until_stored(server: Server, expected: set[str], limit: float = 20) -> None:
    deadline = time.monotonic() + limit
    while (found := stored(server)) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == expected, f"{len(found - expected)} too many, {len(expected - found)} missing"


def pushed(client: V2Client, repository: str, tag: str, contents: Contents | None = None) -> Contents:
    contents = contents or Contents()
    contents.tags[tag] = contents.tags.get(tag) or contents.image(tag)
    for data in contents.blobs.values():
        client.push_blob(repository, data)
    for manifest in contents.manifests:
        expect(client.put_manifest(repository, manifest.digest, manifest.data, manifest.media_type), 201)
    expect(client.put_manifest(repository, tag, contents.tags[tag].data, contents.tags[tag].media_type), 201)
    return contents


def test_space_comes_back(make: Make) -> None:
    server = make(*EAGER).start()
    client = V2Client(server)
    kept = pushed(client, "space/kept", "1")
    gone = pushed(client, "space/gone", "1")
    lonely = client.push_blob("space/gone", b"nothing names it")
    shared = next(iter(kept.blobs))
    expect(client.mount("space/gone", shared, "space/kept"), 201)
    open_upload = location(expect(client.start("space/kept"), 202))
    expect(client.patch(open_upload, b"in flight", 0), 202)
    assert stored(server) == {*kept.blobs, *gone.blobs, lonely}
    expect(client.delete("space/gone", f"manifests/{gone.manifests[0].digest}"), 202)
    wait_until_stored(server, set(kept.blobs))
    expect(client.blob("space/gone", lonely), 404)
    expect(client.finish(open_upload, digest(b"in flight and done"), b" and done", 9), 201)
    for name, data in kept.blobs.items():
        assert expect(client.blob("space/kept", name), 200).body == data


def test_untagged_manifests_and_what_refers_to_others_stay(make: Make) -> None:
    server = make(*EAGER).start()
    client = V2Client(server)
    contents = Contents()
    subject = contents.image()
    contents.artifact(subject=subject.descriptor())
    contents.platforms("1")
    pushed(client, "space/all", "1", contents)
    expect(client.delete("space/all", "manifests/1"), 202)
    time.sleep(3)
    for manifest in contents.manifests:
        assert expect(client.manifest("space/all", manifest.digest), 200).body == manifest.data
    assert stored(server) == set(contents.blobs)


def test_uploads_that_nobody_goes_on_with(make: Make) -> None:
    server = make(*EAGER, "--sweep-upload-life", "2s").start()
    client = V2Client(server)
    stale, busy = (location(expect(client.start("space/uploads"), 202)) for _ in range(2))
    data = random.Random(7).randbytes(1 << 20)
    expect(client.patch(stale, data, 0), 202)
    for number in range(16):
        expect(client.patch(busy, data[:1000], number * 1000), 202)
        time.sleep(0.25)
    expect(client.status(stale), 404)
    expect(client.finish(busy, digest(data[:1000] * 16)), 201)
    uploads = [path for path in server.data.rglob("uploads/*") if path.is_file()]
    assert sum(path.stat().st_size for path in uploads) == 0, uploads


def test_while_clients_push(make: Make) -> None:
    """HEAD and then nothing sent, mounts, uploads, deletions, and the sweep all at once: nothing acknowledged is lost."""
    server = make(*EAGER).start()
    shared = [secrets.token_bytes(500) for _ in range(6)]
    acknowledged: dict[tuple[str, str], tuple[Contents, Manifest]] = {}
    stop = time.monotonic() + 8
    lock = threading.Lock()

    def work(worker: int) -> None:
        client, chance = V2Client(server), random.Random(worker)
        own = f"sweep/{worker}"
        number = 0
        while time.monotonic() < stop:
            number += 1
            contents = Contents()
            layers = []
            for data in chance.sample(shared, 3) + [secrets.token_bytes(300)]:
                descriptor = contents.blob(data, "application/vnd.oci.image.layer.v1.tar")
                layers.append(descriptor)
                provide(client, own, str(descriptor["digest"]), data, chance)
            config = contents.blob(f'{{"os":"linux","n":{number}}}'.encode(), "application/vnd.oci.image.config.v1+json")
            provide(client, own, str(config["digest"]), contents.blobs[str(config["digest"])], chance)
            image = contents.manifest({"mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers})
            expect(client.put_manifest(own, f"t{number}", image.data), 201)
            with lock:
                acknowledged[own, f"t{number}"] = contents, image
            if chance.random() < 0.6:
                with lock:
                    tag = chance.choice([tag for repository, tag in acknowledged if repository == own])
                    _, old = acknowledged.pop((own, tag))
                expect(client.delete(own, f"manifests/{old.digest}"), 202)

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work, worker) for worker in range(4)]:
            future.result()
    assert len(acknowledged) > 20
    client = V2Client(server)
    for (repository, tag), (contents, image) in acknowledged.items():
        assert expect(client.manifest(repository, tag), 200).body == image.data
        for name, data in contents.blobs.items():
            assert expect(client.blob(repository, name), 200).body == data
    wait_until_stored(server, {name for contents, _ in acknowledged.values() for name in contents.blobs})


def provide(client: V2Client, repository: str, name: str, data: bytes, chance: random.Random) -> None:
    """As engines do it: nothing is sent when HEAD says that it is there; else a mount is tried, else it is uploaded."""
    if client.blob(repository, name, "HEAD").status == 200:
        return
    other = f"sweep/{chance.randrange(4)}"
    started = expect(client.mount(repository, name, other), 201, 202)
    if started.status == 202:
        expect(client.finish(location(started), name, data), 201)


def test_the_command_says_what_it_would_do_and_does_it(make: Make) -> None:
    server = make("--sweep-grace", "1s", "--sweep-interval", "never").start()
    client = V2Client(server)
    kept = pushed(client, "space/kept", "1")
    lonely = client.push_blob("space/kept", secrets.token_bytes(4000))
    time.sleep(2.5)
    everything = {*kept.blobs, lonely}
    found = swept(server, "--dry-run")
    assert found["live"] == {"count": 3, "bytes": sum(map(len, kept.blobs.values()))}
    assert (found["waiting"], found["removed"]) == ({"count": 1, "bytes": 4000}, {"count": 0, "bytes": 0})
    assert stored(server) == everything, "nothing happens by itself, nor in a dry run"
    swept(server)
    time.sleep(2.5)
    assert swept(server, "--dry-run")["removed"] == {"count": 1, "bytes": 4000} and stored(server) == everything
    assert re.search("^blobs that would be removed +1 +4000$", server.run("sweep", "--dry-run"), re.MULTILINE)
    assert swept(server)["removed"] == {"count": 1, "bytes": 4000} and stored(server) == set(kept.blobs)
    assert swept(server, "--dry-run")["removed"] == {"count": 0, "bytes": 0}


def swept(server: Server, *flags: str) -> dict[str, dict[str, int]]:
    """What the command says that it has done, or would do."""
    return json.loads(server.run("sweep", *flags, "--format", "json"))
