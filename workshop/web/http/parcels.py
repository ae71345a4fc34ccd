"""The centre's side of parcels: registrations of one process, sealed for the enrolled computer that asks. Laptops give each other none."""

from flask import Blueprint, Response, g, request

from sync import wire
from sync.parcel import SORT, Address, pack, read_question
from workshop.private.registrations import registrations_in
from workshop.settings import device_key
from workshop.web.house import House, house
from workshop.web.http.sync import not_as_agreed, only_enrolled, only_scopes
from workshop.web.parcel_courier import item_of

blueprint = Blueprint("parcels", __name__, url_prefix="/sync")
blueprint.url_value_preprocessor(only_scopes)
blueprint.before_request(only_enrolled)
blueprint.register_error_handler(wire.WireFault, not_as_agreed)


@blueprint.post("/<scope>/parcel")
def give(scope: str) -> Response:
    """A computer that was shut out is not let in: this is no address where it may bring anything."""
    address = Address(scope, read_question(request.get_data()))
    return Response(house().desk.apart(_sealed, house(), address, g.device.public_key), mimetype=SORT)


def _sealed(home: House, address: Address, reader: str) -> bytes:
    items = map(item_of, home.ask_private(registrations_in, address.scope))
    return pack(address, items, device_key(home.folder), reader)
