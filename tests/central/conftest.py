"""A central record in this process, as people reach it: over https, through a reverse proxy. No organiser has an account yet."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pyotp
import pytest

from workshop.app import Building, build
from workshop.private import organisers
from workshop.settings import open_folder
from workshop.web.line import Line, network

ORIGIN = "https://archivio.example"
PASSPHRASE = "quattro parole a caso, forse cinque"
PERIOD = 30


@dataclass(slots=True)
class Browser:
    """Without scripts; behind the proxy. `address`: where the person sits."""

    client: Any
    address: str = "203.0.113.7"

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, base_url=ORIGIN, headers={"X-Forwarded-For": self.address, "Accept-Language": "it", **headers})

    def post(self, path: str, **fields: str) -> Any:
        told = {"X-Forwarded-For": self.address, "Accept-Language": "it", "Origin": ORIGIN}
        return self.client.post(path, base_url=ORIGIN, data=fields, headers=told)

    def signs_in(self, name: str, passphrase: str, code: str) -> Any:
        return self.post("/sign-in", name=name, passphrase=passphrase, code=code)


@dataclass(slots=True)
class Account:
    """Somebody who has used the one-time link. `app`: their phone."""

    name: str
    browser: Browser
    app: pyotp.TOTP
    recovery_codes: list[str]
    passphrase: str = PASSPHRASE
    _used: int = field(default_factory=lambda: int(time.time()) // PERIOD)

    def code(self) -> str:
        """The next one, that was not used yet: it is good already, because a phone's clock may be half a minute early."""
        self._used += 1
        assert self._used <= int(time.time()) // PERIOD + 1, "one code for each account: more would mean waiting"
        return str(self.app.generate_otp(self._used))


@dataclass(slots=True)
class Centre:
    building: Building

    def browser(self, address: str = "203.0.113.7") -> Browser:
        return Browser(self.building.app.test_client(), address)

    def ask(self, query: Any, *args: Any) -> Any:
        return self.building.house.ask_private(query, *args)

    def keep(self, change: Any, *args: Any) -> Any:
        return self.building.house.keep_private(change, *args)

    def invites(self, name: str) -> str:
        """The path of the one-time link."""
        return f"/set-up/{self.keep(organisers.add, name, int(time.time()))}"

    def account(self, name: str = "marta@example.org") -> Account:
        return set_up(self.browser(), self.invites(name), name)


def app_of(page: str) -> pyotp.TOTP:
    """What the phone reads in the code of this page."""
    found = re.search(r'href="(otpauth://[^"]+)"', page)
    assert found
    made = pyotp.parse_uri(unescape(found[1]))
    assert isinstance(made, pyotp.TOTP)
    return made


def set_up(browser: Browser, path: str, name: str) -> Account:
    app = app_of(browser.get(path).text)
    done = browser.post(path, passphrase=PASSPHRASE, again=PASSPHRASE, code=app.now())
    assert done.status_code == 200, done.text
    codes = re.findall(r"<strong>(\w{5}-\w{5})</strong>", done.text)
    return Account(name, browser, app, codes)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    line = Line(is_https=True, proxies=(network("127.0.0.1"),))
    building = build(open_folder(str(tmp_path)), "central", "threading", lambda: {"archivio.example"}, line)
    yield Centre(building)
    building.close()
