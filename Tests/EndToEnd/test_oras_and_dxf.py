"""The published Python clients oras and dxf (python-dxf), with accounts and over TLS: artifacts and plain blobs."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts import Login
from clients import Person, Registry
from v2client import digest

ORAS = """
import json, sys, time, oras.client
time.sleep = lambda seconds: None  # its pauses between attempts
host, user, password, backend, action, *rest = json.load(sys.stdin)
client = oras.client.OrasClient(hostname=host, auth_backend=backend)
if user:
    client.auth.set_basic_auth(user, password)
try:
    print(json.dumps(eval(action, {"client": client, "rest": rest})))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def oras(person: Person, login: Login | None, action: str, *rest: object, backend: str = "basic") -> tuple[object, str]:
    """The outcome of an expression over `client`, and what was said."""
    request = [person.registry.name, login.user if login else None, login.password if login else None, backend, action, *rest]
    result = person.run(sys.executable, "-c", ORAS, stdin=json.dumps(request))
    return (json.loads(result.stdout.splitlines()[-1]) if result.returncode == 0 else None), result.stdout + result.stderr


def dxf(person: Person, login: Login | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"DXF_HOST": person.registry.name} | ({"DXF_USERNAME": login.user, "DXF_PASSWORD": login.password} if login else {})
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        return person.run(sys.executable, "-m", "dxf", *arguments)
    finally:
        os.environ.clear()
        os.environ.update(before)


def dxf_does(person: Person, *arguments: str) -> str:
    result = dxf(person, person.registry.alice, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def file(alice: Person) -> Path:
    path = alice.folder / "report.json"
    path.write_text('{"found": "nothing"}')
    return path


PUSH = ("client.push(target=rest[0], files=[rest[1] + ':application/vnd.example.report'], disable_path_validation=True, "
        "do_chunked=rest[2], manifest_annotations={'org.example.note': 'kept'}).status_code")


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_oras_pushes_and_pulls_an_artifact(registry: Registry, alice: Person, file: Path, chunked: bool) -> None:
    target = f"{registry.name}/alice/artifact-{chunked}:1.0".lower()
    status, said = oras(alice, registry.alice, PUSH, target, str(file), chunked)
    assert status == 201, said
    manifest = registry.client(registry.alice).manifest(f"alice/artifact-{chunked}".lower(), "1.0").json
    assert manifest["annotations"]["org.example.note"] == "kept"
    assert [layer["digest"] for layer in manifest["layers"]] == [digest(file.read_bytes())]
    pulled, said = oras(alice, registry.alice, "client.pull(target=rest[0], outdir=rest[1])", target, str(alice.folder / "out"))
    assert isinstance(pulled, list), said
    assert [Path(name).read_bytes() for name in pulled] == [file.read_bytes()]


def test_oras_lists_and_deletes_tags(registry: Registry, alice: Person) -> None:
    registry.push("alice/oras-tags", "1.0")
    registry.push("alice/oras-tags", "2.0")
    container = f"{registry.name}/alice/oras-tags"
    assert oras(alice, registry.alice, "client.get_tags(rest[0])", container)[0] == ["1.0", "2.0"]
    assert oras(alice, registry.alice, "client.delete_tag(rest[0], '1.0')", container)[0] is True
    assert oras(alice, registry.alice, "client.get_tags(rest[0])", container)[0] == ["2.0"]


def test_oras_says_why_not(registry: Registry, alice: Person, bernd: Person, nobody: Person, file: Path) -> None:
    registry.push("alice/private", "1.0")
    registry.push("alice/released", "fixed-1")
    private = f"{registry.name}/alice/private:1.0"
    wrong = Login("alice", "planted-wrong").noted()
    for login, backend in ((None, "token"), (wrong, "token"), (wrong, "basic")):
        outcome, said = oras(nobody, login, "client.pull(target=rest[0])", private, backend=backend)
        assert outcome is None and ("Unauthorized" in said or "Cannot respond" in said), said
    outcome, said = oras(bernd, registry.bernd, "client.pull(target=rest[0])", private)
    assert outcome is None and "Not Found" in said, said
    outcome, said = oras(bernd, registry.bernd, PUSH, f"{registry.name}/alice/private:2.0", str(file), False)
    assert outcome is None and "requested access to the resource is denied" in said, said
    outcome, said = oras(alice, registry.alice, PUSH, f"{registry.name}/alice/released:fixed-1", str(file), False)
    assert outcome is None and "tag fixed-1 is immutable" in said, said
    with registry.with_settings("--read-only", "true"):
        outcome, said = oras(alice, registry.alice, PUSH, private, str(file), False)
        assert outcome is None and "the registry is read-only" in said, said


def test_dxf_pushes_and_pulls_blobs(registry: Registry, alice: Person, file: Path) -> None:
    name = digest(file.read_bytes())
    assert dxf_does(alice, "push-blob", "alice/dxf", str(file), "@report").strip() == name
    assert dxf_does(alice, "pull-blob", "alice/dxf", "@report") == file.read_text()
    assert dxf_does(alice, "blob-size", "alice/dxf", name).strip() == str(len(file.read_bytes()))
    assert dxf_does(alice, "list-aliases", "alice/dxf") == "report\n"
    assert "alice/dxf" in dxf_does(alice, "list-repos").splitlines()
    assert dxf_does(alice, "mount-blob", "alice/dxf-mounted", "alice/dxf", name).strip() == name
    assert dxf_does(alice, "pull-blob", "alice/dxf-mounted", name) == file.read_text()
    assert dxf_does(alice, "del-alias", "alice/dxf", "report").strip() == name
    assert dxf_does(alice, "list-aliases", "alice/dxf") == ""
    dxf_does(alice, "del-blob", "alice/dxf", name)
    assert dxf(alice, registry.alice, "pull-blob", "alice/dxf", name).returncode == 2, "not found"


def test_dxf_says_why_not(registry: Registry, alice: Person, bernd: Person, nobody: Person, file: Path) -> None:
    registry.push("alice/private", "1.0")
    for login in (None, Login("alice", "planted-wrong").noted()):
        result = dxf(nobody, login, "list-aliases", "alice/private")
        assert result.returncode != 0 and ("401" in result.stderr or "Unauthorized" in result.stderr), result.stderr
    assert "404" in dxf(bernd, registry.bernd, "list-aliases", "alice/private").stderr
    assert "403" in dxf(bernd, registry.bernd, "push-blob", "alice/private", str(file)).stderr
    with registry.with_settings("--read-only", "true"):
        assert "405" in dxf(alice, registry.alice, "push-blob", "alice/private", str(file)).stderr
