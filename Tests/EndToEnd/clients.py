"""People with container tools: each has folders, logins and images of their own, and trusts the authority of the tests."""
from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from conftest import Make
from contents import Contents, Manifest
from ports import free_port
from server import Server
from trust import trusting
from v2client import V2Client, expect

#: Tags that nobody may move, of anybody's repositories.
IMMUTABLE = "*:fixed*"


class Registry:
    """A private registry over TLS whose settings can be changed for a while; it stays where it is."""

    def __init__(self, make: Make, authority: Authority) -> None:
        self.authority = authority
        self.server: Server = make(*ACCOUNTS, *authority.server().flags, "--immutable-tags", IMMUTABLE, tls=authority.trust(),
                                   listen=f"127.0.0.1:{free_port()}").start()
        self.alice = self.server.add_user("alice")
        self.bernd = self.server.add_user("bernd")

    @property
    def name(self) -> str:
        return self.server.name

    def client(self, login: Login | None = None) -> V2Client:
        return V2Client(self.server, login)

    def push(self, repository: str, tag: str, contents: Contents | None = None) -> Manifest:
        """Alice's; an image that nothing else has, unless it is given. What the tag names."""
        contents = contents or simple(tag)
        client = self.client(self.alice)
        for data in contents.blobs.values():
            client.push_blob(repository, data)
        for manifest in contents.manifests:
            expect(client.put_manifest(repository, manifest.digest, manifest.data, manifest.media_type), 201)
        for name, manifest in contents.tags.items():
            expect(client.put_manifest(repository, name, manifest.data, manifest.media_type), 201)
        return contents.tags[tag]

    @contextmanager
    def with_settings(self, *flags: str) -> Iterator[None]:
        before = self.server.flags
        try:
            self._restart((*before, *flags))
            yield
        finally:
            self._restart(before)

    def _restart(self, flags: tuple[str, ...]) -> None:
        self.server.stop()
        self.server.flags = flags
        self.server.start()


class Person:
    """Somebody with `skopeo`, `podman` and `buildah`, who is logged in, or not."""

    def __init__(self, folder: Path, registry: Registry, login: Login | None = None) -> None:
        self.folder = folder
        self.registry = registry
        self.auth_file = folder / ".docker/config.json"
        self.auth_file.parent.mkdir(parents=True, exist_ok=True)
        self.auth_file.write_text(json.dumps({"auths": {}}))
        if login:
            self.does("skopeo", "login", "--username", login.user, "--password-stdin", registry.name, stdin=login.password)

    def run(self, *command: str, stdin: str = "", limit: float = 60) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"REGISTRY_AUTH_FILE": str(self.auth_file), "TMPDIR": str(self.folder), "HOME": str(self.folder),
                                    "REQUESTS_CA_BUNDLE": str(self.registry.authority.certificate)}
        result = subprocess.run([*trusting(self.registry.authority.certificate), *command], input=stdin, capture_output=True, text=True,
                                timeout=limit, cwd=self.folder, env=environment)
        assert not any(secret in result.stdout + result.stderr for secret in wire.SECRETS), "a secret on the screen"
        return result

    def does(self, *command: str, stdin: str = "") -> str:
        """It has to succeed. What it prints."""
        result = self.run(*command, stdin=stdin)
        assert result.returncode == 0, f"{' '.join(command)}: {result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    def fails(self, *command: str, stdin: str = "") -> str:
        """It has to fail. What it says."""
        result = self.run(*command, stdin=stdin)
        assert result.returncode != 0, f"{' '.join(command)} succeeded:\n{result.stdout}{result.stderr}"
        return result.stderr

    def podman(self, *arguments: str) -> list[str]:
        return ["podman", *self._storage, "--tmpdir", f"{self.folder}/run/libpod", *arguments]

    def buildah(self, *arguments: str) -> list[str]:
        return ["buildah", *self._storage, *arguments]

    @property
    def _storage(self) -> list[str]:
        return ["--root", f"{self.folder}/images", "--runroot", f"{self.folder}/run", "--storage-driver", "vfs"]


def simple(tag: str) -> Contents:
    contents = Contents()
    contents.image(tag)
    return contents


def write_layout(folder: Path, contents: Contents) -> Path:
    """An OCI image layout, which tools read as `oci:FOLDER:TAG`."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    for name, data in [*contents.blobs.items(), *((manifest.digest, manifest.data) for manifest in contents.manifests)]:
        (blobs / name.removeprefix("sha256:")).write_bytes(data)
    (folder / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
    tagged = [manifest.descriptor(annotations={"org.opencontainers.image.ref.name": tag}) for tag, manifest in contents.tags.items()]
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": tagged}))
    return folder
