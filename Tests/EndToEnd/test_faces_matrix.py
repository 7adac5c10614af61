"""Every image, pushed in every form and pulled in every form: the same files each time, or the refusal that docs/faces.md promises."""
from __future__ import annotations

import json
from functools import cache
from typing import Callable, Iterator

import pytest

from conversions import Entry, chain_of, config_of, entries_of, payload_of
from filesystems import unpacked
from pullers import AS_OLD_ENGINE, PULLERS, Pulled
from pushers import PUSHERS, SCHEMA_1, Pushed, push
from samples import SAMPLES, form_of, unpack
from server import Server
from v1client import EngineClient
from v2client import V2Client, digest, errors, expect

#: What v1 and schema 1 cannot say. They cannot be the form of a push of it either.
UNSPEAKABLE = [name for name, sample in SAMPLES.items() if sample.is_foreign]
PUSHES = [(pusher, name) for pusher in PUSHERS for name in SAMPLES if name not in UNSPEAKABLE or pusher not in ("v1", "schema1")]
CELLS = [(*pair, puller) for pair in PUSHES for puller in PULLERS]
POSSIBLE = [cell for cell in CELLS if cell[1] not in UNSPEAKABLE or cell[2] not in ("v1", "schema1")]
IMPOSSIBLE = [cell for cell in CELLS if cell not in POSSIBLE]
#: Forms that are each other's, byte for byte, where the image was pushed so.
NATIVE = {("v1", "v1"), ("schema1", "schema1"), ("docker", "docker"), ("oci", "oci"), ("index", "oci")}

Push = Callable[[str, str], Pushed]
Pull = Callable[[str, str, str], Pulled]


@pytest.fixture(scope="module")
def push_once(shared_server: Server) -> Iterator[Push]:
    yield cache(lambda pusher, name: push(shared_server, PUSHERS[pusher](SAMPLES[name]), f"matrix/{pusher}-{name}"))


@pytest.fixture(scope="module")
def pull_once(shared_server: Server, push_once: Push) -> Iterator[Pull]:
    yield cache(lambda pusher, name, puller: PULLERS[puller](shared_server, push_once(pusher, name)))


@pytest.mark.parametrize("pusher, name, puller", POSSIBLE)
def test_the_files_are_the_same(pull_once: Pull, pusher: str, name: str, puller: str) -> None:
    assert unpacked(pull_once(pusher, name, puller).archives) == SAMPLES[name].files


@pytest.mark.parametrize("pusher, name, puller", POSSIBLE)
def test_layers_are_the_very_archives_that_were_pushed(push_once: Push, pull_once: Pull, pusher: str, name: str, puller: str) -> None:
    """Those that are gzip already are handed on as they are. The fixed empty layer stands in where a form wants one."""
    pushed, found = push_once(pusher, name), pull_once(pusher, name, puller)
    steps = [step for step in SAMPLES[name].steps if step.layer is not None or keeps_empty(pusher, puller)]
    expected = [step.layer or b"" if step.layer is not None else bytes(1024) for step in steps]
    assert found.archives == (expected or ([bytes(1024)] if puller in ("v1", "schema1") else []))
    for was, now in zip(pushed.layers, found.layers) if len(pushed.layers) == len(found.layers) else []:
        assert now == was if form_of(was) == "gzip" or (pusher, puller) in NATIVE else unpack(now) == unpack(was)


def keeps_empty(pusher: str, puller: str) -> bool:
    """Whether steps that change no file have a layer: in v1 always, in schema 1 unless the documents of a config say better."""
    if pusher == "v1":
        return True
    return puller in ("v1", "schema1") if pusher == "schema1" else puller == "schema1"


@pytest.mark.parametrize("pusher, name, puller", POSSIBLE)
def test_documents_are_what_the_rules_make_of_them(push_once: Push, pull_once: Pull, pusher: str, name: str, puller: str) -> None:
    """Byte for byte: v1.md §9 and §10 as the tests' own code has them."""
    pushed, found = push_once(pusher, name), pull_once(pusher, name, puller)
    if pushed.has_documents and puller in ("v1", "schema1"):
        assert found.documents == pushed.documents
    elif pushed.has_documents:
        assert found.config == config_of([(document, None if is_left_out(pushed, document) else digest(unpack(layer)))
                                          for document, layer in zip(pushed.documents, pushed.layers)])
    elif puller in ("docker", "oci"):
        assert found.config == pushed.config
    elif puller == "v1":
        assert list(zip(found.ids, found.documents)) == [(link.id, link.document) for link in chain_of(pushed.config)]
    elif pushed.sample.has_history:
        layers = [digest(layer) for layer, step in zip(found.layers, pushed.sample.steps) if step.layer is not None]
        assert list(zip(found.ids, found.documents)) == [(entry.id, entry.document) for entry in entries_of(pushed.config, layers)]
    if puller == "schema1" and pusher != "schema1":
        entries = [Entry(digest(layer), document) for layer, document in zip(found.layers, found.documents)]
        assert found.manifest == payload_of(pushed.repository, pushed.tag, found.top.get("architecture", "amd64"), entries)
    if (pusher, puller) in NATIVE - {("v1", "v1"), ("schema1", "schema1")}:
        assert found.manifest == pushed.manifest


def is_left_out(pushed: Pushed, document: bytes) -> bool:
    """An entry of schema 1 that says of itself that it changes nothing; v1 engines never said so."""
    return pushed.kind == "schema1" and bool(json.loads(document).get("throwaway"))


@pytest.mark.parametrize("pusher, name, puller", POSSIBLE)
def test_what_a_config_says_is_carried_over(pull_once: Pull, pusher: str, name: str, puller: str) -> None:
    """Its meaning, whatever the spelling: unknown members and nulls too."""
    found, sample = pull_once(pusher, name, puller).top, SAMPLES[name]
    expected = {key: json.loads(value) for key, value in sample.members.items()}
    if pusher in ("v1", "schema1") and puller in ("docker", "oci"):
        expected = {"architecture": "amd64", "os": "linux"} | expected
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("pusher, name, puller", IMPOSSIBLE)
def test_what_cannot_be_is_refused_with_its_reason(shared_server: Server, push_once: Push, pusher: str, name: str, puller: str) -> None:
    pushed, client = push_once(pusher, name), V2Client(shared_server)
    layer, = pushed.missing
    if puller == "v1":
        engine = EngineClient(shared_server.address)
        engine.list_images(pushed.repository)
        top = engine.list_tags(pushed.repository)[pushed.tag]
        assert top == digest(pushed.config).removeprefix("sha256:")
        for part in ("json", "ancestry", "layer"):
            answer = engine.call("GET", f"/v1/images/{top}/{part}")
            assert answer.status == 400 and layer in answer.error, (part, answer.body)
    else:
        for headers in ([("Accept", SCHEMA_1)], AS_OLD_ENGINE):
            answer = expect(client.manifest(pushed.repository, pushed.tag, headers=headers), 404)
            (code, message), = errors(answer)
            assert code == "MANIFEST_UNKNOWN" and layer in message, message
            assert answer.json["errors"][0]["detail"] == {"name": pushed.repository, "reference": "1.0"}
            assert expect(client.manifest(pushed.repository, pushed.tag, "HEAD", headers), 404).body == b""
    expect(client.manifest(pushed.repository, pushed.tag), 200)
