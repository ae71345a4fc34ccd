"""What a central record must have before it serves: PostgreSQL, its https address, no debug. What is missing is one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask.helpers import get_debug_flag
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from workshop.settings import with_driver
from workshop.web.line import DIRECT, Line, Network, network

OWN_PROXIES: Final = ("127.0.0.1", "::1")
SAFE: Final = {"fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8"}
DATABASE: Final = "set DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE"
ADDRESS: Final = "set --address https://YOUR.NAME (or TAVOLI_ADDRESS)"
TRYING: Final = "To try it out on this computer only: --try."


class NotFitToServe(RuntimeError):
    """One sentence that says what to set."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a centre is found: `origin` is https://…, but for a trial, where it is "" and the server is found on this computer alone."""

    origin: str = ""
    line: Line = DIRECT

    @property
    def is_trial(self) -> bool:
        return not self.origin

    @property
    def netloc(self) -> str:
        return urlsplit(self.origin).netloc.lower()


def terms_of(address: str, proxies: tuple[str, ...], environment: Mapping[str, str], *, trial: bool) -> Terms:
    """Raises NotFitToServe. PostgreSQL itself is looked at too: a database that may lose what it acknowledged is no record."""
    if get_debug_flag() or environment.get("PYTHONDEVMODE"):
        raise NotFitToServe("A central record does not run in debug: unset FLASK_DEBUG and PYTHONDEVMODE.")
    if trial:
        return Terms()
    _look_at_database(environment.get("DATABASE_URL", ""))
    return Terms(_origin(address), Line(is_https=True, proxies=_networks(proxies or OWN_PROXIES)))


def _origin(address: str) -> str:
    try:
        told = urlsplit(address.strip())
        fits = bool(told.hostname) and told.port != 0 and not (told.username or told.path.strip("/") or told.query or told.fragment)
    except ValueError:
        raise NotFitToServe(f"This is no address: {ADDRESS}.") from None
    if not address.strip():
        raise NotFitToServe(f"A central record needs its public address: {ADDRESS}. {TRYING}")
    if told.scheme != "https":
        raise NotFitToServe(f"Passwords do not travel without https: {ADDRESS}; a reverse proxy in front ends TLS. {TRYING}")
    if not fits:
        raise NotFitToServe(f"The public address is a name alone, without user, path or query: {ADDRESS}.")
    return f"https://{told.netloc.lower().removesuffix(':443')}"


def _networks(proxies: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(network(each) for each in proxies)
    except ValueError:
        raise NotFitToServe("Of a reverse proxy the IP address or network is needed: set --proxy 10.0.0.5 or 172.18.0.0/16.") from None


def _look_at_database(url: str) -> None:
    """What the driver says may hold the address with its password: only its own first line is told."""
    if not url:
        raise NotFitToServe(f"A central record needs PostgreSQL: {DATABASE}. {TRYING}")
    try:
        parsed = make_url(with_driver(url))
    except ArgumentError:
        raise NotFitToServe(f"DATABASE_URL cannot be read: {DATABASE}.") from None
    if parsed.get_backend_name() != "postgresql":
        raise NotFitToServe(f"A central record is not kept in {parsed.get_backend_name()}: {DATABASE}. {TRYING}")
    try:
        found = _settings(with_driver(url))
    except (SQLAlchemyError, NoSuchModuleError) as wrong:
        told = str(getattr(wrong, "orig", "") or type(wrong).__name__).strip().partition("\n")[0]
        raise NotFitToServe(f"PostgreSQL cannot be used ({told}): start it, or {DATABASE}.") from None
    for name, wanted in SAFE.items():
        if found[name] != wanted:
            raise NotFitToServe(f"This PostgreSQL does not keep safely what is written ({name}={found[name]}): set {name}={wanted}.")


def _settings(url: str) -> dict[str, str]:
    engine = create_engine(url, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            return {name: str(connection.execute(text(f"SHOW {name}")).scalar_one()) for name in SAFE}
    finally:
        engine.dispose()
