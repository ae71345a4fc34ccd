"""Settings kept with the private data: the chosen address, the Wi-Fi to show, what this computer is called."""

from sqlalchemy import Connection, delete, insert, select

from workshop.private.database import setting_table


def setting(connection: Connection, key: str, otherwise: str = "") -> str:
    value = connection.execute(select(setting_table.c.value).where(setting_table.c.key == key)).scalar()
    return otherwise if value is None else value


def keep_setting(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(setting_table).where(setting_table.c.key == key))
    connection.execute(insert(setting_table), {"key": key, "value": value})
