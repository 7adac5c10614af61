"""Certificates for tests, made by openssl."""
from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple


class Pair(NamedTuple):
    """A certificate and its key, in PEM."""

    certificate: Path
    key: Path

    @property
    def flags(self) -> tuple[str, ...]:
        """The settings of a server that uses it."""
        return ("--tls-certificate", str(self.certificate), "--tls-key", str(self.key))


class Authority:
    """Signs certificates of servers for this machine's loopback address, and of users."""

    def __init__(self, folder: Path, name: str = "Wharf test authority") -> None:
        self.folder = folder
        self.count = 0
        self.certificate = folder / "ca.crt"
        self.key = folder / "ca.key"
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3",
                 "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
                 "-keyout", self.key, "-out", self.certificate)

    def server(self, name: str = "localhost", *addresses: str) -> Pair:
        names = ",".join([f"DNS:{name}", "DNS:localhost", "IP:127.0.0.1", *(f"IP:{address}" for address in addresses)])
        return self._issue(name, f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")

    def client(self, name: str) -> Pair:
        """Identifies the user of that name."""
        return self._issue(name, "extendedKeyUsage=clientAuth\n")

    def trust(self, client: Pair | None = None) -> ssl.SSLContext:
        """How a client trusts what this authority signed, and itself shows a certificate, if it has one."""
        context = ssl.create_default_context(cafile=self.certificate)
        if client:
            context.load_cert_chain(client.certificate, client.key)
        return context

    def _issue(self, name: str, extensions: str) -> Pair:
        self.count += 1
        base = self.folder / f"{self.count}-{name}"
        request, pair = Path(f"{base}.csr"), Pair(Path(f"{base}.crt"), Path(f"{base}.key"))
        Path(f"{base}.ext").write_text(extensions)
        _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                 "-keyout", pair.key, "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "3",
                 "-extfile", f"{base}.ext", "-out", pair.certificate)
        return pair


def _openssl(*arguments: object) -> None:
    result = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
