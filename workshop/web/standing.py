"""At the centre: a computer's standing. Shutting one out, and what it brings afterwards: held until somebody who organises accepts it."""

from sync.signing import revoke
from workshop.private.peers import Device, revoke_device
from workshop.settings import device_key
from workshop.web.house import House
from workshop.web.signets import log_of_house, moment


def shut_out(home: House, device: Device) -> None:
    """The centre puts its own name under what the computer has sent until now, then takes back its word about the computer."""
    log = log_of_house(home)
    if device.public_key:
        log.vouch_for(device.public_key)
        log.hear([revoke(device_key(home.folder), device.public_key, moment())])
    home.keep_private(revoke_device, device.id)
