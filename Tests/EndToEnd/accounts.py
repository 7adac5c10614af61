"""Who the tests' users are."""
from __future__ import annotations

import base64
import secrets
import subprocess
from pathlib import Path
from typing import NamedTuple

import wire


#: A server with accounts. Tests are wrong often, and on purpose; how the server slows that down has a test of its own.
ACCOUNTS = ("--auth", "accounts", "--limits-login-failures", "1000")


class Login(NamedTuple):
    """A user's name, and a password or an API key."""

    user: str
    password: str

    @classmethod
    def make(cls, user: str) -> Login:
        """With a new password."""
        return cls(user, f"planted-{secrets.token_hex(6)}").noted()

    def noted(self) -> Login:
        """From now on, no log may show the password."""
        wire.SECRETS.add(self.password)
        return self

    def write_into(self, password_file: Path, flag: str = "-B") -> None:
        """As an operator does it, with `htpasswd`: bcrypt unless the flag says otherwise."""
        flags = [flag, *(["-C", "5"] if flag == "-B" else []), "-i", *([] if password_file.exists() else ["-c"])]
        result = subprocess.run(["htpasswd", *flags, str(password_file), self.user], input=self.password, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
