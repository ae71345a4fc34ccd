"""Statements that are asked with every card: compiled once, and on SQLite handed to the driver without the toolkit's work per call.

A card needs a dozen of them; through the toolkit each costs 130 µs, of which SQLite itself takes 10.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError


class Prepared:
    """A select with `bindparam`s (not `in_` with a list: say `or_`), or an insert.

    Rows come as plain tuples: their values are what SQLite keeps (no dates, no booleans)."""

    def __init__(self, statement: Executable, columns: Iterable[str] | None = None) -> None:
        """`columns`: those that an insert names, when they are not all."""
        self._statement, self._columns = statement, columns and list(columns)
        self._sql, self._names = "", ()  # type: tuple[str, tuple[str, ...]]
        self._fixed: dict[str, Any] = {}

    def all(self, connection: Connection, **values: object) -> Sequence[Any]:
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).all()
        return self._run(connection, values).fetchall()

    def first(self, connection: Connection, **values: object) -> Any:
        found = self.all(connection, **values)
        return found[0] if found else None

    def scalar(self, connection: Connection, **values: object) -> Any:
        """The first value of the first row; None without rows."""
        found = self.all(connection, **values)
        return found[0][0] if found else None

    def write(self, connection: Connection, values: dict[str, object]) -> None:
        """Every column that is written must be named in `values`."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement, values)
        else:
            self._run(connection, values)

    def _run(self, connection: Connection, values: dict[str, object]) -> sqlite3.Cursor:
        if not self._sql:
            self._compile(connection.dialect)
        driver: Any = connection.connection.dbapi_connection
        told = [values[name] if name in values else self._fixed[name] for name in self._names]
        try:
            found: sqlite3.Cursor = driver.execute(self._sql, told)
        except sqlite3.Error as error:  # as whoever catches the toolkit's errors expects it
            raise DBAPIError.instance(self._sql, None, error, sqlite3.Error, dialect=connection.dialect) from error
        return found

    def _compile(self, dialect: Dialect) -> None:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns)  # type: ignore[attr-defined]
        self._names, self._fixed = tuple(compiled.positiontup), compiled.params
        self._sql = str(compiled)
