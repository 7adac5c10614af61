"""Signatures of schema 1 manifests (v1.md §10.4), made and checked by our own arithmetic on P-256. Slow, and not for secrets."""
from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
CONSTANT = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
Point = tuple[int, int] | None
#: What stands before a point's coordinates in a public key of this curve (RFC 5480).
PUBLIC_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


class Unverified(Exception):
    """A signature is missing or wrong, or does not fit the document."""


@dataclass(frozen=True)
class Key:
    """A private key, by which anybody can sign."""

    scalar: int

    @property
    def public(self) -> tuple[int, int]:
        point = _times(self.scalar, BASE)
        assert point
        return point

    @property
    def jwk(self) -> dict[str, str]:
        x, y = (value.to_bytes(32, "big") for value in self.public)
        return {"crv": "P-256", "kid": key_id(x + y), "kty": "EC", "x": encoded(x), "y": encoded(y)}

    def sign(self, payload: bytes, time: str = "2015-01-01T00:00:00Z") -> bytes:
        """The whole document, signed."""
        length = len(payload[:payload.rindex(b"}")].rstrip())
        protected = encoded(json.dumps({"formatLength": length, "formatTail": encoded(payload[length:]), "time": time},
                                       separators=(",", ":")).encode())
        signature = self._signature(f"{protected}.{encoded(payload)}".encode())
        return assembled(payload, [{"header": {"jwk": self.jwk, "alg": "ES256"}, "signature": signature, "protected": protected}])

    def _signature(self, text: bytes) -> str:
        """The same every time, as the tests want the same bytes every time."""
        hashed = hashlib.sha256(text).digest()
        nonce = int.from_bytes(hashlib.sha256(self.scalar.to_bytes(32, "big") + hashed).digest(), "big") % ORDER
        point = _times(nonce, BASE)
        assert point
        r = point[0] % ORDER
        s = pow(nonce, -1, ORDER) * (int.from_bytes(hashed, "big") + r * self.scalar) % ORDER
        return encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def assembled(payload: bytes, signatures: list[dict[str, Any]]) -> bytes:
    """The payload with its signatures, indented as it is itself (v1.md §10.4, step 6)."""
    length = len(payload[:payload.rindex(b"}")].rstrip())
    if not payload.startswith(b"{\n"):
        return payload[:length] + b',"signatures":' + json.dumps(signatures, separators=(",", ":")).encode() + b"}"
    indent = payload[2:].split(b'"')[0].decode()
    lines = json.dumps(signatures, indent=len(indent)).split("\n")
    return payload[:length] + f',\n{indent}"signatures": {f"{chr(10)}{indent}".join(lines)}\n}}'.encode()


def payload_and_keys(document: bytes) -> tuple[bytes, list[str]]:
    """What is signed, and the ids of the keys that signed it; raises `Unverified` unless every signature is right."""
    signatures = json.loads(document).get("signatures") or []
    if not signatures:
        raise Unverified("there is no signature")
    payloads = set()
    for signature in signatures:
        header = json.loads(decoded(signature["protected"]))
        payloads.add(document[:header["formatLength"]] + decoded(header["formatTail"]))
    if len(payloads) != 1:
        raise Unverified("the signatures speak of different documents")
    payload, = payloads
    if b'"signatures"' in payload:
        raise Unverified("what is signed contains signatures")
    return payload, [_checked(signature, payload) for signature in signatures]


def key_id(coordinates: bytes) -> str:
    """v1.md §10.4, step 7."""
    text = base64.b32encode(hashlib.sha256(PUBLIC_KEY + coordinates).digest()[:30]).decode()
    return ":".join(text[start:start + 4] for start in range(0, 48, 4))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _checked(signature: dict[str, Any], payload: bytes) -> str:
    key = signature["header"]["jwk"]
    coordinates = decoded(key["x"]) + decoded(key["y"])
    if (key["kty"], key["crv"], signature["header"]["alg"]) != ("EC", "P-256", "ES256") or len(coordinates) != 64:
        raise Unverified("a key of another kind")
    if key["kid"] != key_id(coordinates):
        raise Unverified("the id is not the key's")
    x, y = int.from_bytes(coordinates[:32], "big"), int.from_bytes(coordinates[32:], "big")
    if (y * y - x * x * x + 3 * x - CONSTANT) % PRIME:
        raise Unverified("the key is no point of the curve")
    raw = decoded(signature["signature"])
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    hashed = int.from_bytes(hashlib.sha256(f"{signature['protected']}.{encoded(payload)}".encode()).digest(), "big")
    if len(raw) != 64 or not (0 < r < ORDER and 0 < s < ORDER):
        raise Unverified("the signature is no pair of numbers")
    inverse = pow(s, -1, ORDER)
    point = _plus(_times(hashed * inverse % ORDER, BASE), _times(r * inverse % ORDER, (x, y)))
    if not point or point[0] % ORDER != r:
        raise Unverified("the signature is wrong")
    return key["kid"]


def _plus(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % PRIME == 0:
        return None
    if one == other:
        slope = 3 * (one[0] * one[0] - 1) * pow(2 * one[1], -1, PRIME)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, PRIME)
    x = (slope * slope - one[0] - other[0]) % PRIME
    return x, (slope * (one[0] - x) - one[1]) % PRIME


def _times(factor: int, point: Point) -> Point:
    result: Point = None
    while factor:
        if factor & 1:
            result = _plus(result, point)
        point, factor = _plus(point, point), factor >> 1
    return result
