"""Sockets: a page joins the topics it may hear, in its language. Sockets only push; everything is written by HTTP POST."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from engineio.payload import Payload
from flask import request
from flask_socketio import SocketIO, join_room, leave_room

from workshop.domain.people import Actor
from workshop.web.guard import Guard, read_cookies
from workshop.web.house import House
from workshop.web.identity import language, people_with
from workshop.web.live.announcer import Announcer
from workshop.web.live.audience import may_hear
from workshop.web.live.topics import Name, Topic, board, cockpit, read_topic, screen
from workshop.web.wording import LANGUAGES

_log = logging.getLogger(__name__)
SLOW: Final = 200  # packets waiting for one phone: it is cut off, comes back, and fetches
ROUND: Final = 5  # seconds between two looks at slow phones
TOPICS_MOST: Final = 20  # that one page listens to: a page has two or three
Payload.max_decode_packets = 64  # 17 packets in one polling request were lost silently with the default of 16


@dataclass(slots=True)
class Presence:
    """Who is connected: sid -> participant, and how many listen to each topic in each language."""

    actors: dict[str, Actor] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)  # sid -> staff id
    joined: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    listeners: Counter[tuple[str, str]] = field(default_factory=Counter)

    def languages(self, topic: Topic) -> set[str]:
        return {each for each in LANGUAGES if self.listeners[str(topic), each] > 0}

    def phones_at(self, work_table_id: str) -> int:
        """People, not sockets: a person with two tabs counts once."""
        return len({a.id for a in self.actors.values() if a.sits_at(work_table_id)})

    def phones_in(self, meeting_id: str) -> int:
        return len({a.id for a in self.actors.values() if a.meeting_id == meeting_id})

    def join(self, sid: str, topic: str, in_language: str) -> bool:
        """False when this page listens to too much already."""
        mine = self.joined.setdefault(sid, set())
        if (topic, in_language) not in mine:
            if len(mine) >= TOPICS_MOST:
                return False
            mine.add((topic, in_language))
            self.listeners[topic, in_language] += 1
        return True

    def sids_of(self, who: str) -> list[str]:
        """The windows of a participant or a member of the staff."""
        people = [*self.staff.items(), *((sid, actor.id) for sid, actor in self.actors.items())]
        return [sid for sid, their_id in people if their_id == who]

    def leave(self, sid: str, topic: str) -> None:
        for each in [key for key in self.joined.get(sid, ()) if key[0] == topic]:
            self.joined[sid].discard(each)
            self.listeners[each] -= 1

    def forget(self, sid: str) -> Actor | None:
        for key in self.joined.pop(sid, set()):
            self.listeners[key] -= 1
        self.staff.pop(sid, None)
        return self.actors.pop(sid, None)


def open_rooms(sockets: SocketIO, home: House, guard: Guard, announcer: Announcer, presence: Presence) -> None:
    """Register the socket events. The device's cookies are read again for every event: a revoked token hears nothing more."""
    _bind_sids(sockets.server.eio, guard)  # type: ignore[attr-defined]

    @sockets.on("connect")
    def connect(_auth: Any = None) -> None:
        people = _people(home)
        if people.staff.id:
            presence.staff[request.sid] = people.staff.id  # type: ignore[attr-defined]
        if (who := people.participant).id:
            presence.actors[request.sid] = who  # type: ignore[attr-defined]
            _phones_changed(announcer, who)

    @sockets.on("disconnect")
    def disconnect(_reason: Any = None) -> None:
        if who := presence.forget(request.sid):  # type: ignore[attr-defined]
            _phones_changed(announcer, who)

    @sockets.on("listen")
    def listen(*told: Any) -> dict[str, object]:
        topic, people, sid = _topic_in(told), _people(home), str(request.sid)  # type: ignore[attr-defined]
        if topic is None or not (may_hear(people.participant, topic) or may_hear(people.staff, topic)):
            return {"error": "not_allowed"}
        if not presence.join(sid, str(topic), language()):
            return {"error": "too_many"}
        if topic.name is Name.TABLE and people.participant.id:
            presence.actors[sid] = people.participant
        join_room(f"{topic}|{language()}")
        if topic.name is Name.PERSON:
            join_room(str(topic))
        return {"version": announcer.version(str(topic))}

    @sockets.on("leave")
    def leave(*told: Any) -> None:
        if topic := _topic_in(told):
            presence.leave(str(request.sid), str(topic))  # type: ignore[attr-defined]
            leave_room(f"{topic}|{language()}")

    def cut_off(who: str) -> None:
        for sid in presence.sids_of(who):
            sockets.server.disconnect(sid)  # type: ignore[attr-defined]

    home.cut_off = cut_off

    @sockets.on_error_default
    def broken(error: BaseException) -> None:
        _log.error("socket event failed", exc_info=error)


def _bind_sids(engine: Any, guard: Guard) -> None:
    """A sid belongs to the device that opened it from its first packet to its last."""
    opened, closed = engine.handlers["connect"], engine.handlers["disconnect"]

    def open_for(sid: str, environ: dict[str, Any]) -> Any:
        guard.own(sid, environ.get("HTTP_COOKIE", ""))
        return opened(sid, environ)

    def close_for(sid: str, reason: str) -> Any:
        guard.disown(sid)
        return closed(sid, reason)

    engine.on("connect", open_for)
    engine.on("disconnect", close_for)


def _phones_changed(announcer: Announcer, who: Actor) -> None:
    for topic in (cockpit(who.meeting_id), screen(who.meeting_id), *map(board, who.tables)):
        announcer.refresh(topic)


def _topic_in(told: tuple[Any, ...]) -> Topic | None:
    return read_topic(told[0].get("topic") if told and isinstance(told[0], dict) else None)


def _people(home: House) -> Any:
    return people_with(home, read_cookies(request.headers.get("Cookie", "")))


def cut_off_the_slow(sockets: SocketIO) -> None:
    """For ever: a phone that does not read must not fill our memory; it reconnects and fetches what it missed."""
    engine = sockets.server.eio  # type: ignore[attr-defined]
    while True:
        sockets.sleep(ROUND)
        for sid, each in list(engine.sockets.items()):
            if each.queue.qsize() > SLOW:  # not engine.disconnect: it would wait until everything was read
                each.close(wait=False, abort=True)
                engine.sockets.pop(sid, None)
