"""Clients that push over plain HTTP and as nobody, all in the same way: an image, or a file where a client knows no images."""
from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
from typing import NamedTuple

from certificates import Authority
from clients import Person, write_layout
from contents import CONFIG, LAYER, Contents
from images import archive
from server import Server
from v2client import MANIFEST, V2Client, digest, expect

CLIENTS = ("skopeo", "podman", "buildah", "oras", "dxf")
REPOSITORY = "pushed/small"

ORAS = """
import sys, time, oras.client
time.sleep = lambda seconds: None  # its pauses between attempts
host, target, file = sys.argv[1:]
try:
    answer = oras.client.OrasClient(hostname=host, insecure=True).push(target=target, files=[file], disable_path_validation=True)
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
sys.exit(None if answer.status_code == 201 else f"{answer.status_code} {answer.text}")
"""


class Plain(NamedTuple):
    """In the place of a registry that a person trusts: nothing is asked of it without TLS and logins."""

    authority: Authority


class Pusher:
    """A person's client, and what it has to push."""

    def __init__(self, person: Person, client: str, size: int) -> None:
        self.person = person
        self.client = client
        data = archive({"etc/random": secrets.token_bytes(size)})
        if client in ("oras", "dxf"):
            self.source = str(person.folder / "file")
            (person.folder / "file").write_bytes(data)
        else:
            self.source = f"oci:{write_layout(person.folder / 'layout', image_of(data))}:1"
        if client in ("podman", "buildah"):
            self.source = person.does(*getattr(person, client)("pull", "--quiet", self.source)).strip()

    def push(self, host: str) -> subprocess.CompletedProcess[str]:
        name = f"{host}/{REPOSITORY}:1"
        match self.client:
            case "skopeo":
                command = ["skopeo", "copy", "--dest-tls-verify=false", self.source, f"docker://{name}"]
            case "podman" | "buildah":
                command = getattr(self.person, self.client)("push", "--tls-verify=false", self.source, f"docker://{name}")
            case "oras":
                command = [sys.executable, "-c", ORAS, host, name, self.source]
            case _:
                settings = [f"DXF_HOST={host}", "DXF_INSECURE=1"]
                command = ["env", *settings, sys.executable, "-m", "dxf", "push-blob", REPOSITORY, self.source, "@1"]
        return self.person.run(*command)

    def fails(self, host: str) -> str:
        """It has to fail. What it says."""
        result = self.push(host)
        assert result.returncode != 0, f"{self.client} succeeded:\n{result.stdout}{result.stderr}"
        return result.stdout + result.stderr

    def does(self, host: str) -> None:
        result = self.push(host)
        assert result.returncode == 0, f"{self.client}: {result.returncode}\n{result.stdout}{result.stderr}"


def image_of(layer: bytes) -> Contents:
    """With that layer alone, tagged `1`."""
    contents = Contents()
    config = {"os": "linux", "architecture": "amd64", "config": {}, "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}
    contents.manifest({"mediaType": MANIFEST, "config": contents.blob(json.dumps(config).encode(), CONFIG),
                       "layers": [contents.blob(layer, LAYER)]}, "1")
    return contents


def check_nothing_is_there(server: Server) -> None:
    """No repository, no tag, and no blob under its digest."""
    client = V2Client(server)
    assert client.catalog() == [], "a repository"
    expect(client.tags(REPOSITORY), 404)
    expect(client.manifest(REPOSITORY, "1"), 404)
    assert stored(server) == [], stored(server)


def check_pushed(server: Server) -> None:
    """The tag, and every blob that its manifest names: each as its digest says."""
    client = V2Client(server)
    assert client.tag_names(REPOSITORY) == ["1"]
    manifest = expect(client.manifest(REPOSITORY, "1"), 200)
    names = set(re.findall("sha256:[0-9a-f]{64}", manifest.body.decode()))
    assert names == {f"sha256:{name}" for name in stored(server)}, (manifest.body, stored(server))
    for name in names:
        assert digest(expect(client.blob(REPOSITORY, name), 200).body) == name


def stored(server: Server) -> list[str]:
    """Names of the files where blobs lie once they are whole."""
    return [path.name for path in (server.data / "objects/blobs").rglob("*") if path.is_file()]
