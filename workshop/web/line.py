"""The line between people and this program: whether it is https, and whose word about an address is believed."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
HOPS_MOST: Final = 20
FORWARDED: Final = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_REAL_IP",
)


@dataclass(frozen=True, slots=True)
class Line:
    """In the room: plain http, nobody in between. At the centre: a reverse proxy ends TLS, so `is_https` is known and never asked for;
    of what a proxy says only X-Forwarded-For is read, and only when one of `proxies` says it."""

    is_https: bool = False
    proxies: tuple[Network, ...] = ()

    def settle(self, environ: dict[str, Any]) -> None:
        """Who asks, and over what, is settled once for everything behind the guard; then nothing forwarded is left to be believed."""
        if self.is_https:
            environ["wsgi.url_scheme"] = "https"
        told = environ.get("HTTP_X_FORWARDED_FOR", "") if self.proxies and self._is_proxy(_address(environ.get("REMOTE_ADDR", ""))) else ""
        if asking := self._first_stranger(told):
            environ["REMOTE_ADDR"] = str(asking)
        for name in FORWARDED:
            environ.pop(name, None)

    def _first_stranger(self, told: str) -> Address | None:
        """From the right: each proxy adds the address that it saw, and what stands further left may be anybody's invention."""
        for hop in reversed(told.split(",")[-HOPS_MOST:]):
            address = _address(hop.strip())
            if address is None or not self._is_proxy(address):
                return address
        return None

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.proxies)


DIRECT: Final = Line()


def network(text: str) -> Network:
    """`10.0.0.5` or `172.18.0.0/16`. Raises ValueError."""
    return ip_network(text.strip(), strict=False)


def neighbourhood(address: str) -> str:
    """Whom guesses are counted for: one IPv4 address, or the /64 that one household or server gets of IPv6."""
    found = _address(address)
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
