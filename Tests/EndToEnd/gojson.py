"""JSON as programs in Go write it: compact, keys of maps in bytewise order, and what HTML gives a meaning to written as escapes."""
from __future__ import annotations

import json
import re

#: Written as an escape wherever they stand in a string.
ESCAPED = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_DECODER = json.JSONDecoder()
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


def string(text: str) -> str:
    """A string that is written anew."""
    return _escaped(json.dumps(text, ensure_ascii=False))


def strings(*texts: str) -> str:
    """An array of strings."""
    return f"[{','.join(map(string, texts))}]"


def compact(text: str) -> str:
    """A value that keeps its own spelling, numbers and escapes included, but for blanks between its parts."""
    return _TOKEN.sub(lambda found: _escaped(found[1]) if found[1] else "", text)


def members(document: bytes) -> dict[str, str]:
    """The members of an object as they are spelled; of two with one name, the last."""
    text = document.decode()
    found: dict[str, str] = {}
    position = _past(text, 0, "{")
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        position = _past(text, position, ":")
        _, end = _DECODER.raw_decode(text, position)
        found[key] = text[position:end]
        position = _past(text, end, ",") if _blanks(text, end)[1] == "," else _blanks(text, end)[0]
    return found


def struct(values: dict[str, str]) -> str:
    """An object whose members stand in the given order."""
    return "{" + ",".join(f"{string(key)}:{value}" for key, value in values.items()) + "}"


def mapping(values: dict[str, str]) -> bytes:
    """An object from raw values, in the order of its keys."""
    return struct({key: compact(values[key]) for key in sorted(values, key=lambda key: key.encode())}).encode()


def _escaped(text: str) -> str:
    return text.translate(str.maketrans(ESCAPED))


def _blanks(text: str, position: int) -> tuple[int, str]:
    """The next position that is no blank, and what stands there."""
    while text[position] in " \t\r\n":
        position += 1
    return position, text[position]


def _past(text: str, position: int, expected: str) -> int:
    position, found = _blanks(text, position)
    assert found == expected, text[position:position + 40]
    return _blanks(text, position + 1)[0]
