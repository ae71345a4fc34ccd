"""Bytes on the wire of a first visit to the join page: the page and everything it loads, headers included."""

import gzip
import re
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.room import Preparing, prepare_room, served
from bench.wire import Connection
from workshop.record.rows.work_table import work_table

LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def measure_join_page() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        room = prepare_room(Path(folder), 12)
        at = Preparing(Path(folder))
        with at.store.readers.connect() as reader:
            code = reader.execute(select(work_table.c.join_code).where(work_table.c.id == room.tables[0])).scalar_one()
        at.close()
        with served(room.data) as (port, _):
            phone = Connection(port)
            accept = "Accept: text/html\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: it\r\n"
            status, page, total = phone.get(f"/t/{code}", accept)
            parts = {"page": total}
            for path in dict.fromkeys(LOADED.findall(_text(page))):
                _, _, wire = phone.get(path.replace("&amp;", "&"), "Accept-Encoding: gzip, deflate\r\n")
                parts[path.partition("?")[0]] = wire
            return {"join_page_bytes": sum(parts.values()), "join_page_parts": parts, "join_page_status": status}


def _text(page: bytes) -> str:

    return (gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page).decode()
