"""Accounts that are confirmed by mail, with a real SMTP server on loopback (aiosmtpd)."""
from __future__ import annotations

import email
import email.policy
import html
import json
import re
import ssl
from email.message import EmailMessage
from typing import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

import wire
from accounts import ACCOUNTS, Login
from certificates import Authority
from clock import Clock
from conftest import Make
from ports import free_port
from server import Server
from trust import trusting
from v1client import expect

URL = "http://wharf.example:5000"
MAIL_LOGIN = Login("mailer", "planted-mail-secret")


class Postbox:
    """A mail server that keeps what it is given, and how it came."""

    def __init__(self, certificate: ssl.SSLContext | None = None, login: Login | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.came_by_tls: list[bool] = []
        self.logins: list[str] = []
        self.refuses = False
        self.certificate, self.login = certificate, login
        self.port = free_port()
        self.controller: Controller | None = None

    def start(self) -> Postbox:
        more = {} if self.certificate is None else {"tls_context": self.certificate, "require_starttls": True}
        if self.login:
            more |= {"authenticator": self.authenticate, "auth_required": True, "auth_require_tls": self.certificate is not None}
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **more)
        self.controller.start()
        return self

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[arg-type]
        assert isinstance(mail, EmailMessage)
        self.came_by_tls.append(session.ssl is not None)
        self.recipients.append(list(envelope.rcpt_tos))
        self.mails.append(mail)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword) and self.login
        self.logins.append(mechanism)
        shown = Login(data.login.decode(), data.password.decode())
        return AuthResult(success=shown == self.login, handled=False)

    def link(self) -> str:
        """The path of the link in the latest mail."""
        found, = re.findall(rf"{re.escape(URL)}(/\S+)", self.mails[-1].get_content())
        return str(found)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox().start()
    yield box
    box.stop()


def flags(box: Postbox, *more: str) -> tuple[str, ...]:
    return (*ACCOUNTS, "--registration", "open", "--external-url", URL, "--mail-server", f"smtp://127.0.0.1:{box.port}",
            "--mail-from", "wharf@wharf.example", *more)


@pytest.fixture
def registry(make: Make, postbox: Postbox) -> Server:
    server = make(*flags(postbox, "--mail-starttls", "false"))
    clock = Clock(server.folder)
    server.environment |= clock.environment
    server.clock = clock  # type: ignore[attr-defined]
    return server.start()


def register(server: Server, login: Login, **more: str) -> wire.Response:
    fields = {"username": login.user, "password": login.password, "email": f"{login.user}@example.com"} | more
    return server.call("POST", "/v1/users/", body=json.dumps(fields).encode())


def status(server: Server, login: Login) -> int:
    return server.call("GET", "/v1/users/", login).status


def test_an_account_is_confirmed_by_the_link_in_its_mail(registry: Server, postbox: Postbox) -> None:
    login = Login.make("newcomer")
    expect(register(registry, login), 201)
    assert status(registry, login) == 403
    mail, = postbox.mails
    assert postbox.recipients == [["newcomer@example.com"]]
    assert mail["From"] == "wharf@wharf.example" and mail["To"] == "newcomer@example.com" and mail["Date"] and mail["Message-ID"]
    text = mail.get_content()
    assert "newcomer" in text and re.search("24 hours|1 day", text) and login.password not in mail.as_string()
    page = registry.call("GET", postbox.link())
    assert page.status == 200 and (page.header("Content-Type") or "").startswith("text/html")
    assert "default-src 'none'" in (page.header("Content-Security-Policy") or "") and page.header("Referrer-Policy") == "no-referrer"
    assert re.search(r"<form[^>]*method=[\"']?post", page.body.decode(), re.I) and b"<button" in page.body
    assert "newcomer@example.com" in html.unescape(page.body.decode()) and b"<script" not in page.body
    expect(registry.call("HEAD", postbox.link()), 200)
    assert status(registry, login) == 403, "looking is not confirming: programs that scan mails follow links"
    expect(registry.call("POST", postbox.link(), body=b"", Content_Type="application/x-www-form-urlencoded"), 200)
    assert status(registry, login) == 200
    expect(registry.call("POST", postbox.link(), body=b""), 200, 400)
    assert status(registry, login) == 200


def test_a_link_that_was_changed_confirms_nobody(registry: Server, postbox: Postbox) -> None:
    logins = [Login.make("first_one"), Login.make("second_one")]
    links = []
    for login in logins:
        expect(register(registry, login), 201)
        links.append(postbox.link())
    link = links[0]
    signature = re.search(r"signature=([^&]+)", link)[1]  # type: ignore[index]
    changed = [link.replace("first_one/", "second_one/"), re.sub(r"address=[^&]*", "address=other%40example.com", link),
               re.sub(r"expires=(\d+)", lambda found: f"expires={int(found[1]) + 1}", link), link.replace(signature, signature[:-2]),
               link.replace(signature, "A" * len(signature)), link.replace(signature, ""), link.partition("?")[0],
               link.partition("?")[0] + "?" + links[1].partition("?")[2]]
    for path in changed:
        for method in ("GET", "POST"):
            answer = registry.call(method, path, body=b"" if method == "POST" else None)
            assert answer.status == 400 and answer.error, f"{method} {path}: {answer.status}"
    assert [status(registry, login) for login in logins] == [403, 403]
    expect(registry.call("POST", links[1], body=b""), 200)
    assert [status(registry, login) for login in logins] == [403, 200]


def test_a_link_comes_to_its_end(registry: Server, postbox: Postbox) -> None:
    login = Login.make("late_one")
    expect(register(registry, login), 201)
    registry.clock.set("+25h")  # type: ignore[attr-defined]
    for method in ("GET", "POST"):
        expect(registry.call(method, postbox.link(), body=b"" if method == "POST" else None), 400)
    assert status(registry, login) == 403
    registry.clock.set("+23h")  # type: ignore[attr-defined]
    expect(registry.call("POST", postbox.link(), body=b""), 200)
    assert status(registry, login) == 200


def test_a_link_does_not_wake_an_account_that_was_disabled(registry: Server, postbox: Postbox) -> None:
    login = Login.make("troubled")
    expect(register(registry, login), 201)
    expect(registry.call("POST", postbox.link(), body=b""), 200)
    registry.run("user", "disable", "troubled")
    registry.call("POST", postbox.link(), body=b"")
    assert status(registry, login) == 403


def test_without_the_mail_server_nobody_registers_and_the_name_is_free_again(registry: Server, postbox: Postbox) -> None:
    login = Login.make("stubborn")
    postbox.stop()
    answer = register(registry, login)
    assert answer.status == 503 and answer.error and answer.header("Retry-After")
    assert status(registry, login) == 401 and "stubborn" not in registry.run("user", "list")
    assert "confirmation mail not sent" in registry.log
    postbox.start()
    postbox.refuses = True
    expect(register(registry, login), 503)
    postbox.refuses = False
    expect(register(registry, login), 201)
    expect(registry.call("POST", postbox.link(), body=b""), 200)
    assert status(registry, login) == 200


def test_a_second_address_is_confirmed_too(registry: Server, postbox: Postbox) -> None:
    login = registry.add_user("resident")
    expect(registry.call("PUT", "/v1/users/resident/", login, body=b'{"email":"second@example.com"}'), 204)
    assert postbox.recipients == [["second@example.com"]] and status(registry, login) == 200
    expect(registry.call("POST", postbox.link(), body=b""), 200)
    assert "second@example.com" in registry.run("user", "list")


def test_a_hostile_address_adds_no_line_to_the_mail(registry: Server, postbox: Postbox) -> None:
    for number, address in enumerate(("a@example.com\r\nBcc: b@example.com", "a@example.com\nX: y", "a@example.com, b@example.com",
                                      "<a@example.com>", "a@example.com> SIZE=1", "-oX@example.com\0")):
        answer = register(registry, Login.make(f"hostile_{number}"), email=address)
        assert answer.status == 400, address
    assert postbox.mails == []
    expect(registry.call("GET", "/v1/_ping", Host="evil.example"), 200)
    expect(register(registry, Login.make("honest")), 201)
    assert "evil.example" not in postbox.mails[-1].as_string()


def test_links_do_not_take_the_host_that_a_client_says(registry: Server, postbox: Postbox) -> None:
    login = Login.make("phished")
    body = json.dumps({"username": login.user, "password": login.password, "email": "phished@example.com"}).encode()
    answer = registry.call("POST", "/v1/users/", headers=[("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"),
                                                          ("Forwarded", "host=evil.example")], body=body)
    expect(answer, 201)
    assert "evil.example" not in postbox.mails[-1].as_string() and postbox.link()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("by_tls", [False, True], ids=["plain", "starttls"])
def test_the_mail_server_may_want_a_login(make: Make, authority: Authority, by_tls: bool) -> None:
    wire.SECRETS.add(MAIL_LOGIN.password)
    pair = authority.server()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pair.certificate, pair.key)
    box = Postbox(context if by_tls else None, MAIL_LOGIN).start()
    try:
        more = {"environment": {"WHARF_MAIL_PASSWORD": MAIL_LOGIN.password}, "prefix": trusting(authority.certificate)}
        server = make(*flags(box, "--mail-user", MAIL_LOGIN.user, *([] if by_tls else ["--mail-starttls", "false"])), **more).start()
        login = Login.make("newcomer")
        expect(register(server, login), 201)
        assert box.came_by_tls == [by_tls] and box.logins
        expect(server.call("POST", box.link(), body=b""), 200)
        assert status(server, login) == 200
    finally:
        box.stop()


@pytest.mark.parametrize("case", ["no starttls", "unknown authority", "wrong password"])
def test_no_mail_goes_out_that_others_could_read_or_that_nobody_answers_for(make: Make, authority: Authority, case: str) -> None:
    wire.SECRETS.add(MAIL_LOGIN.password)
    pair = authority.server()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pair.certificate, pair.key)
    box = Postbox(None if case == "no starttls" else context, None if case == "no starttls" else MAIL_LOGIN).start()
    try:
        password = "planted-but-wrong" if case == "wrong password" else MAIL_LOGIN.password
        wire.SECRETS.add(password)
        prefix = () if case == "unknown authority" else trusting(authority.certificate)
        server = make(*flags(box, "--mail-user", MAIL_LOGIN.user), environment={"WHARF_MAIL_PASSWORD": password}, prefix=prefix).start()
        expect(register(server, Login.make("newcomer")), 503)
        assert box.mails == [] and "newcomer" not in server.run("user", "list")
        assert bool(box.logins) == (case == "wrong password"), "the password goes to nobody else"
    finally:
        box.stop()
