"""Addresses of this computer that phones in the room may reach."""

import ipaddress
from typing import Final

import ifaddr

SUSPECT: Final = ("docker", "veth", "br-", "virbr", "vmnet", "vbox", "tun", "tap", "utun", "zt", "wg", "tailscale", "vethernet")
PREFERRED: Final = ("192.168.137.", "10.42.", "172.20.10.", "192.168.")


def lan_addresses() -> list[str]:
    """IPv4 addresses that phones in the room may reach, the likeliest first; containers and tunnels last."""
    found = [(adapter.nice_name.lower(), str(ip.ip)) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    usable = [(name, ip) for name, ip in found if not ip.startswith(("127.", "169.254."))]
    return [ip for _, ip in sorted(usable, key=lambda each: (each[0].startswith(SUSPECT), _rank(each[1]), each[1]))]


def is_gone(host: str) -> bool:
    """True when `host` is an IPv4 address and this computer does not have it any more. A name may lead anywhere: never gone."""
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return not address.is_loopback and host not in lan_addresses()


def _rank(ip: str) -> int:
    return next((rank for rank, prefix in enumerate(PREFERRED) if ip.startswith(prefix)), len(PREFERRED))
