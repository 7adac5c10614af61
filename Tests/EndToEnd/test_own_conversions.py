"""The tests' own conversions, signatures and unpacking against known values, so that their mistakes are not taken for the server's."""
from __future__ import annotations

import gzip
import json
import tarfile

import pytest

import gojson
from conversions import EMPTY_LAYER, EMPTY_TAR, chain_ids, chain_of, config_of, entries_of, payload_of
from filesystems import TIME, Drawing, Node, device, file, folder, hard_link, opaque, symlink, unpacked, without
from libtrust import Key, Unverified, assembled, decoded, key_id, payload_and_keys
from samples import SAMPLES, form_of, unpack
from test_own_sums import ATTRIBUTES_LINK_DEVICE, DIRECTORY_AND_FILE
from v2client import digest

BASE_DOCUMENT = (b'{"id":"%s","created":"2014-05-13T16:53:20Z","container_config":{"Cmd":["/bin/sh","-c","#(nop) ADD file:x in /"]},'
                 b'"architecture":"amd64","os":"linux","Size":6}' % (b"1" * 64))
TOP_DOCUMENT = (b'{"id":"%s","parent":"%s","created":"2014-05-13T16:53:21Z","container_config":{"Cmd":["/bin/sh","-c",'
                b'"touch /a \\u0026\\u0026 b"]},"docker_version":"1.9.1","config":{"Cmd":["/bin/sh"]},"architecture":"amd64","os":"linux",'
                b'"Size":3}' % (b"2" * 64, b"1" * 64))
DIFF_IDS = ["sha256:6bebb60506bcc81485e57cd53942d207ae8ac3d63a441e0980171c192d3efb66",
            "sha256:0121a2f4e27320e6b07005556a9323a2e15c96800bf889a939fa1a6a34a19b7d"]
CONFIG = (
    b'{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"container_config":{"Cmd":["/bin/sh","-c","touch /a \\u0026\\u0026 b"]},'
    b'"created":"2014-05-13T16:53:21Z","docker_version":"1.9.1","history":[{"created":"2014-05-13T16:53:20Z","created_by":'
    b'"/bin/sh -c #(nop) ADD file:x in /"},{"created":"2014-05-13T16:53:21Z","created_by":"/bin/sh -c touch /a \\u0026\\u0026 b"}],'
    b'"os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:6bebb60506bcc81485e57cd53942d207ae8ac3d63a441e0980171c192d3efb66",'
    b'"sha256:0121a2f4e27320e6b07005556a9323a2e15c96800bf889a939fa1a6a34a19b7d"]}}')
IMAGE = "cc463c47648fdd7ca0908163b60187afb33e3ebf103981c8a8c58d3e9f7df087"
BASE_ID = "6bebb60506bcc81485e57cd53942d207ae8ac3d63a441e0980171c192d3efb66"
#: What libtrust has made with the key 1 (v1.md §10.4).
SIGNED = (
    b'{"a":1,"signatures":[{"header":{"jwk":{"crv":"P-256","kid":"LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFS","kty":'
    b'"EC","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"},"alg":"ES256"},'
    b'"signature":"TKgeSJd4LUH4uVgEjte0BdXjlK88KTv901zdkaxmuUrjRD2kb68kXWa0TxnNUxVQ0U3KkklgTAO4fPjC3g1Mow","protected":'
    b'"eyJmb3JtYXRMZW5ndGgiOjYsImZvcm1hdFRhaWwiOiJmUSIsInRpbWUiOiIyMDI2LTExLTIxVDA0OjAzOjQ3WiJ9"}]}')
INDENTED = ("U3Fx_kKrpSSh0PC9EDpUJchDHXsQG480hZ-Juxgp5ibOPi3-aIf9kcHe_IQKWj-W7wpSZ4z568M8wsgy4xlRmw",
            "eyJmb3JtYXRMZW5ndGgiOjExLCJmb3JtYXRUYWlsIjoiQ24wIiwidGltZSI6IjIwMjYtMTEtMjFUMDQ6MDM6NDdaIn0")
KID = "LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFS"


def test_a_chain_has_the_known_config() -> None:
    assert config_of([(BASE_DOCUMENT, DIFF_IDS[0]), (TOP_DOCUMENT, DIFF_IDS[1])]) == CONFIG
    assert len(CONFIG) == 563 and digest(CONFIG) == f"sha256:{IMAGE}"
    assert chain_ids(DIFF_IDS)[1] == "sha256:dac2f9ea4a18d0e6a1a6044780115a97d07b8fc9cbb4697380e3096610d7d8df"


def test_a_config_has_the_known_chain() -> None:
    base, top = chain_of(CONFIG)
    assert base == (BASE_ID, None, b'{"id":"%s"}' % BASE_ID.encode())
    assert top == (IMAGE, BASE_ID, (
        '{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"container_config":{"Cmd":["/bin/sh","-c","touch /a \\u0026\\u0026 b"]},'
        f'"created":"2014-05-13T16:53:21Z","docker_version":"1.9.1","id":"{IMAGE}","os":"linux","parent":"{BASE_ID}"}}').encode())


def test_a_config_has_the_known_entries() -> None:
    blobs = [digest(DIRECTORY_AND_FILE), digest(ATTRIBUTES_LINK_DEVICE)]
    assert blobs == ["sha256:9bbb3410727e8b5be41fe7ca690249255d0262ede8975c3bc52e7cfe2159046e",
                     "sha256:521ef53850148c6b1aa6157aedcaba396929e531132b7a30c7e67cf5e1b2e21f"]
    base, top = entries_of(CONFIG, blobs)
    assert base.document == (b'{"id":"df8d10fb9bfba912afed6e4847ec18925273d738a5202d639ef5e7f360195cc7","created":"2014-05-13T16:53:20Z",'
                             b'"container_config":{"Cmd":["/bin/sh -c #(nop) ADD file:x in /"]}}')
    assert top.id == "46ed1c5c26cca163e2b9b0794e63ed283564ab1c851027f00d1057eaee08f6fe"
    assert json.loads(top.document)["parent"] == base.id and (base.blob, top.blob) == tuple(blobs)


def test_the_empty_layer() -> None:
    assert digest(EMPTY_LAYER) == "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"
    assert gzip.decompress(EMPTY_LAYER) == EMPTY_TAR
    assert digest(EMPTY_TAR) == "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


def test_a_payload_is_what_an_indenting_encoder_writes() -> None:
    """Python's, with the escapes that Go's has on top of it."""
    entries = entries_of(CONFIG, ["sha256:" + "1" * 64, "sha256:" + "2" * 64])
    written = payload_of("one/two", "t", "amd64", entries)
    document = json.loads(written)
    assert list(document) == ["schemaVersion", "name", "tag", "architecture", "fsLayers", "history"]
    assert written == json.dumps(document, indent=3).encode()
    assert [layer["blobSum"] for layer in document["fsLayers"]] == ["sha256:" + "2" * 64, "sha256:" + "1" * 64]
    assert document["history"][0]["v1Compatibility"].encode() == entries[-1].document


@pytest.mark.parametrize("text, expected", [
    ('{ "b" : 2.50 , "a":[ 1E+2 ,{"z": null} ], "b": 3.0}', '{"a":[1E+2,{"z":null}],"b":3.0}'),
    ('{"ü":"<a & b>", "x":"\\u003c \\/ \\"q\\" \u2028😀"}', '{"x":"\\u003c \\/ \\"q\\" \\u2028😀","ü":"\\u003ca \\u0026 b\\u003e"}'),
    ("{ }", "{}"),
])
def test_raw_values_keep_their_spelling(text: str, expected: str) -> None:
    assert gojson.mapping(gojson.members(text.encode())) == expected.encode()


def test_a_string_that_is_written_anew() -> None:
    assert gojson.string('a"\\\n\t\x01<>&\u2029é😀\x7f') == '"a\\"\\\\\\n\\t\\u0001\\u003c\\u003e\\u0026\\u2029é😀\x7f"'


def test_libtrusts_own_signatures_are_verified() -> None:
    assert payload_and_keys(SIGNED) == (b'{"a":1}', [KID])
    signature, protected = INDENTED
    payload = b'{\n   "a": 1\n}'
    written = assembled(payload, [{"header": {"jwk": Key(1).jwk, "alg": "ES256"}, "signature": signature, "protected": protected}])
    assert written.startswith(b'{\n   "a": 1,\n   "signatures": [\n      {\n         "header": {\n') and written.endswith(b"\n   ]\n}")
    assert payload_and_keys(written) == (payload, [KID])


@pytest.mark.parametrize("payload", [b'{"a":1}', b'{\n   "a": 1\n}'])
def test_own_signatures_are_verified(payload: bytes) -> None:
    key = Key(0x1234567890ABCDEF << 128 | 99)
    assert payload_and_keys(key.sign(payload)) == (payload, [key.jwk["kid"]])
    assert key.sign(payload) == key.sign(payload) != Key(7).sign(payload)
    assert key_id(decoded(Key(1).jwk["x"]) + decoded(Key(1).jwk["y"])) == KID


@pytest.mark.parametrize("before, after", [
    (b'{"a":1,', b'{"a":2,'), (b"TKgeSJd4", b"TKgeSJd5"), (b"axfR8uE", b"axfR8uF"), (b"LTJF", b"LTJG"),
    (b"eyJmb3JtYXRMZW5ndGgiOjYs", b"eyJmb3JtYXRMZW5ndGgiOjUs"), (b'"signatures":[{', b'"signatures":[],"b":[{')])
def test_a_wrong_signature_is_seen(before: bytes, after: bytes) -> None:
    assert before in SIGNED
    with pytest.raises((Unverified, ValueError)):
        payload_and_keys(SIGNED.replace(before, after, 1))


def test_what_is_drawn_is_what_is_unpacked() -> None:
    drawing = Drawing()
    layers = [
        drawing.layer(folder("a"), file("a/kept", b"1"), file("a/gone", b"2"), folder("b"), file("b/below", b"3"), folder("b/deep"),
                      file("b/deep/file", b"4"), hard_link("b/same", "a/kept"), folder("c"), file("c/x", b"5"), folder("c/y")),
        drawing.layer(file("b/new", b"6", mode=0o4755, owner=(1, 2), attributes=(("user.a", "é"),)), opaque("b"), without("a/gone"),
                      file("c", b"now a file"), symlink("l", "../ü"), device("null", 1, 3)),
    ]
    found = unpacked(layers)
    assert found == drawing.tree.value()
    assert {path: (node.kind, node.data, peers) for path, (node, peers) in found.items()} == {
        "a": (tarfile.DIRTYPE, b"", ("a",)), "a/kept": (tarfile.REGTYPE, b"1", ("a/kept",)), "b": (tarfile.DIRTYPE, b"", ("b",)),
        "b/new": (tarfile.REGTYPE, b"6", ("b/new",)), "c": (tarfile.REGTYPE, b"now a file", ("c",)), "l": (tarfile.SYMTYPE, b"", ("l",)),
        "null": (tarfile.CHRTYPE, b"", ("null",))}
    assert found["b/new"][0] == Node(tarfile.REGTYPE, 0o4755, (1, 2), TIME, b"6", attributes=(("user.a", "é"),))
    assert (found["l"][0].target, found["null"][0].device, found["a"][0].mode) == ("../ü", (1, 3), 0o755)


def test_whiteouts_leave_alone_what_their_own_layer_brings() -> None:
    layers = [Drawing().layer(folder("d"), file("d/old", b"1"), file("e", b"1")),
              Drawing().layer(file("d/new", b"2"), opaque("d"), file("e", b"2"), without("e"))]
    assert {path: node.data for path, (node, _) in unpacked(layers).items()} == {"d": b"", "d/new": b"2", "e": b"2"}


def test_hard_links_and_known_archives() -> None:
    drawing = Drawing()
    layers = [drawing.layer(file("one", b"1"), hard_link("two", "one")), drawing.layer(hard_link("three", "two"), end_blocks=False)]
    all_three = ("one", "three", "two")
    assert {path: peers for path, (_, peers) in unpacked(layers).items()} == dict.fromkeys(all_three, all_three)
    assert unpacked([b"", EMPTY_TAR, *layers]) == drawing.tree.value()
    with_attributes = unpacked([gzip.decompress(ATTRIBUTES_LINK_DEVICE)])["cap"][0]
    assert with_attributes.attributes == (("user.a", "1"), ("user.b", "2")) and with_attributes.data == b"abc"
    assert digest(gzip.decompress(DIRECTORY_AND_FILE)) == f"sha256:{BASE_ID}"


def test_samples_hold_what_they_say() -> None:
    def contents(name: str) -> dict[str, bytes]:
        return {path: node.data for path, (node, _) in SAMPLES[name].files.items()}
    assert contents("whiteouts") == {"a": b"", "a/gone": b"back", "b": b""}
    assert contents("forty_layers") == {f"file-{number % 13}": b"%d" % number for number in range(27, 40)}
    assert contents("unicode") == {"ü": b"", "ü/link": b""} and SAMPLES["unicode"].files["ü/link"][0].target == "日本 <&> 😀"
    assert SAMPLES["hard_links"].files["three"][1] == ("d/two", "four", "three")
    assert contents("empty_layers") == {"one": b"1", "two": b"2"} and len(SAMPLES["empty_layers"].steps) == 6
    assert {step.form for step in SAMPLES["packed_by_all"].steps} == {form_of(step.packed) for step in SAMPLES["packed_by_all"].steps} == {
        "none", "gzip", "bzip2", "xz", "zstd"}
    for sample in SAMPLES.values():
        assert unpacked(sample.layers) == sample.files and all(unpack(step.packed) == (step.layer or b"")
                                                               for step in sample.steps if step.layer is not None)
