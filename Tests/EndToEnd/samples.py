"""Images as data: steps that each add a layer or change nothing, and the file system that they add up to, whoever pushes them how."""
from __future__ import annotations

import bz2
import functools
import gzip
import hashlib
import lzma
import subprocess
from dataclasses import dataclass, field
from typing import Callable

from conversions import EMPTY_TAR
from filesystems import Drawing, FileSystem, device, file, folder, hard_link, opaque, symlink, without
from tarsum import decompress

#: The members of a config, spelled as they are pushed.
MEMBERS = {"created": '"2014-05-21T10:00:00.123456789Z"', "container_config": '{"Cmd":["/bin/sh","-c","#(nop) CMD [\\"/bin/sh\\"]"]}',
           "docker_version": '"1.9.1"', "config": '{"Env":["PATH=/usr/bin:/bin"],"Cmd":["/bin/sh"],"Labels":{"b":"2","a":"1"}}',
           "architecture": '"amd64"', "os": '"linux"'}
ODD = {"config": "null", "x-number": "2.50", "x-large": "12345678901234567890123", "x-power": "1E+2", "x-null": "null", "Üx <&>": '["<>&"]',
       "x-spaced": '{ "b" : [ 1 ,\n 2 ] , "a" : { } }', "x-escapes": '"\\u003c \\/ \\u00e9 \\ud83d\\ude00"', "x-bare": "true"}
TEXT = {"config": '{"Cmd":["echo","<b>&amp;</b> \u2028 \u2029 😀 Grüße 日本"],"Labels":{"schlüssel <&> 😀":"\u2028"}}',
        "author": '"Jürgen <j@example.com> & 😀"', "comment": '"line \u2028 separator"'}


@dataclass(frozen=True)
class Step:
    """One instruction of a build."""

    text: str
    #: What it adds, as an archive; without one, it changes no file.
    layer: bytes | None = None
    #: How the layer is packed.
    form: str = "gzip"
    author: str = ""
    comment: str = ""
    #: The layer is not to be passed on by registries.
    is_foreign: bool = False

    @property
    def packed(self) -> bytes:
        return pack(EMPTY_TAR if self.layer is None else self.layer, self.form)


@dataclass(frozen=True, eq=False)
class Sample:
    """An image; one is made of each, and none is like another."""

    name: str
    steps: list[Step]
    files: FileSystem
    members: dict[str, str] = field(default_factory=lambda: dict(MEMBERS))
    has_history: bool = True
    #: The registry holds the layers that it does not need to hold, too.
    holds_foreign: bool = False

    @property
    def is_foreign(self) -> bool:
        """Some layer is to be had elsewhere alone."""
        return any(step.is_foreign for step in self.steps) and not self.holds_foreign

    @property
    def is_bare(self) -> bool:
        """v1 documents say nothing but their ids, as engines from 1.10 on wrote those of all images but the topmost."""
        return "created" not in self.members

    @property
    def layers(self) -> list[bytes]:
        return [step.layer for step in self.steps if step.layer is not None]

    def id(self, number: int) -> str:
        """The id that a v1 client gives the image of a step, as random as any and the same every time."""
        return hashlib.sha256(f"{self.name} {number}".encode()).hexdigest()


@functools.cache
def pack(data: bytes, form: str) -> bytes:
    if form == "zstd":
        return subprocess.run(["zstd", "--quiet", "--stdout"], input=data, capture_output=True, check=True).stdout
    return {"gzip": lambda: gzip.compress(data, mtime=0), "none": lambda: data, "bzip2": lambda: bz2.compress(data),
            "xz": lambda: lzma.compress(data)}[form]()


@functools.cache
def unpack(data: bytes) -> bytes:
    """The archive in a layer, however it is packed."""
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(["zstd", "--quiet", "--stdout", "--decompress"], input=data, capture_output=True, check=True).stdout
    return decompress(data)


def form_of(data: bytes) -> str:
    """How a layer is packed, as its first bytes say."""
    heads = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
    return next((form for head, form in heads.items() if data.startswith(head)), "none")


def _sample(name: str, **more: object) -> Callable[[Callable[[Drawing], list[Step]]], Callable[[Drawing], list[Step]]]:
    def add(draw: Callable[[Drawing], list[Step]]) -> Callable[[Drawing], list[Step]]:
        drawing = Drawing()
        SAMPLES[name] = Sample(name, draw(drawing), drawing.tree.value(), **more)  # type: ignore[arg-type]
        return draw
    return add


SAMPLES: dict[str, Sample] = {}


@_sample("one_layer")
def _one_layer(draw: Drawing) -> list[Step]:
    return [Step("ADD everything", draw.layer(folder("etc"), file("etc/hosts", b"::1 localhost\n"), symlink("etc/link", "hosts")))]


@_sample("three_layers")
def _three_layers(draw: Drawing) -> list[Step]:
    return [Step("ADD base", draw.layer(folder("bin"), file("bin/sh", b"#!" * 300, mode=0o755), device("null", 1, 3))),
            Step("RUN change", draw.layer(folder("bin", mode=0o700), file("bin/sh", b"changed", mode=0o4755, owner=(0, 5))), author="a"),
            Step("COPY more", draw.layer(folder("home"), file("home/" + "long-" * 40 + "name", b"l")), comment="c")]


@_sample("forty_layers")
def _forty_layers(draw: Drawing) -> list[Step]:
    return [Step(f"RUN {number}", draw.layer(file(f"file-{number % 13}", b"%d" % number))) for number in range(40)]


@_sample("empty_layers")
def _empty_layers(draw: Drawing) -> list[Step]:
    return [Step("ENV a=b"), Step("ADD base", draw.layer(file("one", b"1"))), Step("CMD one"), Step("CMD two"),
            Step("ADD two", draw.layer(file("two", b"2"))), Step("ENTRYPOINT three", author="x", comment="y")]


@_sample("no_layers")
def _no_layers(draw: Drawing) -> list[Step]:
    return [Step("CMD nothing")]


@_sample("the_same_layer_again")
def _the_same_layer_again(draw: Drawing) -> list[Step]:
    layer = draw.layer(folder("same"), file("same/file", b"same"))
    return [Step("ADD same", layer), Step("ADD same", layer), Step("ADD same", layer)]


@_sample("whiteouts")
def _whiteouts(draw: Drawing) -> list[Step]:
    return [Step("ADD a", draw.layer(folder("a"), file("a/kept"), file("a/gone"), folder("b"), file("b/x"), folder("b/y"), file("b/y/z"))),
            Step("RUN rm", draw.layer(without("a/gone"), opaque("b"), file("b/new", b"n"))),
            Step("RUN again", draw.layer(file("a/gone", b"back"), without("b/new"), without("a/kept")))]


@_sample("hard_links")
def _hard_links(draw: Drawing) -> list[Step]:
    return [Step("ADD", draw.layer(folder("d"), file("d/one", b"1"), hard_link("d/two", "d/one"), hard_link("three", "d/two"))),
            Step("RUN ln", draw.layer(hard_link("four", "three"), file("d/one", b"no more of them")))]


@_sample("attributes")
def _attributes(draw: Drawing) -> list[Step]:
    return [Step("RUN setcap", draw.layer(
        file("ping", b"p", mode=0o755, attributes=(("security.capability", "\x01\x00\x00\x02\x00 \x00"), ("user.note", "Grüße"))),
        folder("d", attributes=(("user.on_folder", "x=y"),))))]


def _packed(form: str) -> Callable[[Drawing], list[Step]]:
    return lambda draw: [Step("ADD", draw.layer(folder("d"), file("d/base", b"base" * 999)), form), Step("ENV x=y"),
                         Step("ADD", draw.layer(file("d/top", b"top")), form)]


for _form in ("none", "bzip2", "xz", "zstd"):
    _sample(f"packed_by_{_form}")(_packed(_form))


@_sample("packed_by_all")
def _packed_by_all(draw: Drawing) -> list[Step]:
    return [Step(form, draw.layer(file(form, form.encode() * 99)), form) for form in ("xz", "gzip", "zstd", "none", "bzip2", "gzip")]


@_sample("layer_of_no_bytes")
def _layer_of_no_bytes(draw: Drawing) -> list[Step]:
    return [Step("ADD", draw.layer(file("one", b"1"))), Step("RUN true", b"", "none"), Step("RUN true", b""), Step("RUN true", EMPTY_TAR)]


@_sample("no_end_blocks")
def _no_end_blocks(draw: Drawing) -> list[Step]:
    return [Step("ADD", draw.layer(file("one", b"1"), end_blocks=False)), Step("ADD", draw.layer(file("two"), end_blocks=False), "none")]


@_sample("no_history", members={key: value for key, value in MEMBERS.items() if key == "config"}, has_history=False)
def _no_history(draw: Drawing) -> list[Step]:
    return [Step("ADD", draw.layer(file("one", b"1"))), Step("ADD", draw.layer(file("two", b"2")))]


@_sample("unicode", members=MEMBERS | TEXT)
def _unicode(draw: Drawing) -> list[Step]:
    return [Step("RUN echo '<a> & \u2028 😀 Grüße' \"\\\n\t", draw.layer(folder("ü"), file("ü/日本 <&> 😀", "ß".encode())), author="Jürgen <>",
                 comment="& \u2029"),
            Step("CMD ü", None, author="é"), Step("RUN ü", draw.layer(symlink("ü/link", "日本 <&> 😀"), without("ü/日本 <&> 😀")))]


@_sample("odd_members", members=MEMBERS | ODD)
def _odd_members(draw: Drawing) -> list[Step]:
    return [Step("ADD", draw.layer(file("one", b"1"))), Step("RUN", draw.layer(file("two", b"2")))]


@_sample("foreign")
def _foreign(draw: Drawing) -> list[Step]:
    return [Step("Windows", draw.layer(file("windows", b"w")), is_foreign=True), Step("ADD", draw.layer(file("two", b"2")))]


@_sample("foreign_and_held", holds_foreign=True)
def _foreign_and_held(draw: Drawing) -> list[Step]:
    return [Step("Windows", draw.layer(file("windows", b"held")), is_foreign=True), Step("ADD", draw.layer(file("two", b"2")))]
