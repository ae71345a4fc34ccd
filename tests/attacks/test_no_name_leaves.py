"""No name ever leaves the private database: nicknames, codes, staff, PINs, tokens, keys are looked for wherever they could have got to."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from tests.attacks.canaries import NICKNAMES, REGISTERED, STAFF, WIFI, found, of_folder, plant, unpacked
from tests.attacks.place import a_furnished_place
from tests.attacks.wire import WebSocket
from tests.support.odd_servers import a_cutting_proxy
from tests.support.server import Server, a_server
from tests.sync.test_two_processes import a_code
from workshop.domain.ids import new_id
from workshop.private.peers import keep_centre, the_centre
from workshop.private.people import person
from workshop.private.settings_kept import keep_setting
from workshop.settings import open_folder
from workshop.web.courier import Courier
from workshop.web.leaving import PROFILE

pytestmark = pytest.mark.timeout(300)


@dataclass(slots=True)
class Room:
    """A room that has sent its record to a centre with all that may leave, and now runs. `heard`: the whole line, unpacked."""

    folder: Path
    centre: Path
    secrets: dict[str, str]
    code: str  # of the participant
    heard: bytes
    cookie: str
    tokens: dict[str, tuple[str, str]]
    ids: dict[str, str]
    server: Server | None = None

    def cookies(self, who: str) -> str:
        letter, token = self.tokens[who]
        return f"{self.cookie}_{letter}={token}"

    def client(self, who: str = "") -> httpx.Client:
        assert self.server
        more = {"Cookie": self.cookies(who)} if who else {}
        told = {"Origin": self.server.url, "Accept-Language": "it", **more}
        return httpx.Client(base_url=self.server.url, headers=told, trust_env=False, timeout=60)

    def log(self) -> bytes:
        return (self.folder / "log.txt").read_bytes()


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder, centre = tmp_path_factory.mktemp("private"), tmp_path_factory.mktemp("centre")
    with a_furnished_place(folder / "data") as place:
        secrets, house = plant(place), place.building.house
        with house.reading_private() as private:
            me = person(private, place.actors["participant"].id)
        house.keep_private(keep_setting, PROFILE, "contributions")
        courier = Courier(open_folder(str(folder / "data")), house.store, house.private_store, house.desk)
        with (
            a_server(centre, "--central", "--try", errors=centre / "log.txt") as running,
            a_cutting_proxy(running.url) as line,
        ):
            courier.enrol(running.url, a_code(running))
            kept = house.ask_private(the_centre)
            assert kept
            house.keep_private(keep_centre, replace(kept, url=line.url))
            assert courier.run().identical
            register(running, place.meeting.id)
            assert courier.run().registrations == {"here": 1, "unread": 0, "problem": ""}
            heard = unpacked(bytes(line.heard))
        room = Room(folder, centre, secrets, me.code if me else "", heard, house.cookie, place.tokens, place.ids)
    with a_server(folder / "data", errors=folder / "log.txt") as server:
        room.server = server
        yield room


def register(centre: Server, meeting_id: str) -> None:
    """Who organises pastes one line at the centre."""
    with httpx.Client(base_url=centre.url, headers={"Origin": centre.url}, trust_env=False, follow_redirects=True, timeout=60) as organiser:
        organiser.get(centre.entry)
        line = "{name}; {contact}; ; {needs}".format(**REGISTERED)
        assert organiser.post(f"/meetings/{meeting_id}/registrations/lines", data={"lines": line}).status_code == 200
        assert organiser.get(f"/meetings/{meeting_id}/registrations?q=bertolucci").status_code == 200


def test_what_is_looked_for_is_really_there(at: Room) -> None:
    """Else nothing found would mean nothing: each sort is among the secrets, and the line was understood."""
    sorts = {name.split()[0] for name in at.secrets}
    assert sorts >= {
        "person.nickname",
        "person.code",
        "staff.name",
        "staff.pin_hash",
        "token.hash",
        "ballot_key.key",
        "pin",
        "wifi",
        "token",
        "registration.name",
    }
    assert set(NICKNAMES) <= set(at.secrets.values())
    assert b"Servono bagni attrezzati." in at.heard
    assert found({"sentence": "Servono bagni attrezzati"}, of_folder(at.centre)) == ["sentence"]
    private = b"".join(file.read_bytes() for file in (at.folder / "data").glob("private.db*"))
    assert {"wifi", "staff", "e-mail"} <= set(found(at.secrets, private))


def test_nothing_private_stands_in_the_record(at: Room) -> None:
    assert found(at.secrets, of_folder(at.folder / "data")) == []


def test_nothing_private_goes_over_the_line_or_stands_at_the_centre(at: Room) -> None:
    everything = b"".join(file.read_bytes() for file in at.centre.rglob("*") if file.is_file())
    assert found(at.secrets, at.heard) == []
    assert found(at.secrets, everything + of_folder(at.centre)) == []


def test_who_is_registered_stands_in_both_private_databases_and_nowhere_else(at: Room) -> None:
    room, centre = at.folder / "data", at.centre
    for folder in (room, centre):
        private = b"".join(file.read_bytes() for file in folder.glob("private.db*"))
        assert found(REGISTERED, private) == sorted(REGISTERED)
        assert found(REGISTERED, of_folder(folder)) == []
    assert b"/parcel" in at.heard
    assert found(REGISTERED, at.heard) == []
    assert found(REGISTERED, (centre / "log.txt").read_bytes()) == []


def own(at: Room, who: str) -> set[str]:
    """What somebody is there to see: the lead who helps, a participant the own code; the Wi-Fi stands on the room's screen and on tents."""
    helpers, code = {STAFF, "canarina@example.org", "333 0192837"}, {at.code, f"{at.code[:3]}-{at.code[3:]}"}
    seen = {"": {WIFI}, "facilitator": {WIFI}, "lead": {*helpers, WIFI}, "participant": code}
    return seen.get(who, set()) | ({at.tokens[who][1]} if who else set())


def pages(at: Room) -> dict[str, list[str]]:
    ids = at.ids
    table, meeting = f"/tables/{ids['here']}", ids["meeting_id"]
    threads = [f"/threads/cards/{ids['card']}", f"/threads/sentences/{ids['sentence']}"]
    archive = ["/archive", f"/archive/syntheses/{ids['confirmed']}", *threads]
    return {
        "": ["/", f"/m/{meeting}", "/screen", f"/screen/{meeting}", "/rejoin", "/privacy", "/sign-in"],
        "participant": ["/write", "/mine", "/table", "/choices", "/privacy"],
        "facilitator": [table, f"{table}/paper", f"{table}/tent", f"{table}/forms", f"{table}/synthesis", *threads],
        "scribe": [table, f"{table}/synthesis"],
        "lead": [
            "/lead",
            *(f"/lead/{page}" for page in (f"meetings/{meeting}", f"meetings/{meeting}/invitations", "settings", "central")),
            *archive,
        ],
    }


@pytest.mark.parametrize("who", ["", "participant", "facilitator", "scribe", "lead"])
def test_no_page_shows_what_is_private_to_who_need_not_see_it(at: Room, who: str) -> None:
    others = {name: secret for name, secret in at.secrets.items() if secret not in own(at, who)} | REGISTERED
    with at.client(who) as client:
        shown = {path: client.get(path, follow_redirects=True) for path in pages(at)[who]}
    assert {path: answer.status_code for path, answer in shown.items()} == dict.fromkeys(shown, 200)
    leaks = {path: found(others, answer.content + str(answer.headers).encode()) for path, answer in shown.items()}
    assert {path: names for path, names in leaks.items() if names} == {}


@pytest.mark.parametrize("who", ["participant", "facilitator", "lead"])
def test_no_push_tells_who_came_in(at: Room, who: str) -> None:
    """Somebody comes in with a nickname, and writes; everybody who listens hears of it without a name."""
    assert at.server
    nickname, heard = f"Canarina {who}", []
    topics = {"participant": [f"table:{at.ids['here']}"], "facilitator": [f"board:{at.ids['here']}", f"synthesis:{at.ids['here']}"]}
    topics["lead"] = [f"cockpit:{at.ids['meeting_id']}", f"screen:{at.ids['meeting_id']}", f"board:{at.ids['here']}"]
    with WebSocket(at.server.url, at.cookies(who)) as socket, at.client() as guest, at.client("lead") as lead:
        socket.join()
        for topic in topics[who]:
            assert "version" in socket.ask("listen", json.dumps({"topic": topic}))
        form = {"command_id": new_id(), "meeting_id": at.ids["meeting_id"], "work_table_id": at.ids["here"], "nickname": nickname}
        assert guest.post("/join", data={**form, "category": "family", "language": "it"}).status_code == 303
        assert lead.post(f"/lead/meetings/{at.ids['meeting_id']}/extend", data={"command_id": new_id()}).status_code == 303
        socket.sock.settimeout(3)
        with suppress(TimeoutError):
            while True:
                heard.append(socket.receive())
    assert heard
    assert found({**at.secrets, "nickname": nickname}, "\n".join(heard).encode()) == []


def test_the_log_of_the_server_names_nobody(at: Room) -> None:
    """After pages, refusals, wrong codes and a form that is none."""
    with at.client("lead") as lead, at.client() as nobody:
        nobody.post("/rejoin", data={"code": at.code[::-1]})
        nobody.post("/rejoin", data={"code": at.code})
        nobody.post("/sign-in", data={"secret": at.secrets["passphrase"] + "x"})
        nobody.get(f"/staff/{at.secrets['invitation']}")
        nobody.post(f"/staff/{at.secrets['invitation']}", data={"secret": at.secrets["pin"]})
        lead.post("/lead/settings/wifi", data={"wifi_name": "Sala", "wifi_password": WIFI, "odd": "1"})
        lead.get(f"/meetings/{at.ids['meeting_id']}/registrations", params={"q": REGISTERED["name"]})
        lead.post(f"/meetings/{at.ids['meeting_id']}/registrations/lines", data={"lines": f"{REGISTERED['name']}; {REGISTERED['needs']}"})
        lead.post("/join", content=b"\xff\xfe" + NICKNAMES[1].encode(), headers={"Content-Type": "application/json"})
    assert found(at.secrets | REGISTERED, at.log()) == []
