"""Personal codes, ballots' keys and settings: what never enters the record."""

import pytest
from sqlalchemy import Connection, select

from workshop.domain.ids import new_id
from workshop.private import ballot_keys, people
from workshop.private.database import PRIVATE, PrivateStore, ballot_key_table
from workshop.private.guesses import TooManyGuesses, WrongSecret
from workshop.private.people import person, person_with_code, remember
from workshop.private.rejoining import MOST_FROM_ONE, MOST_IN_ALL, masked, rejoin_with_code
from workshop.private.settings_kept import keep_setting, setting
from workshop.private.tokens import bearer_of, hashed, issue_token, revoke_all_of, revoke_token


def somebody(connection: Connection, nickname: str = "") -> people.Person:
    return remember(connection, new_id(), "1" * 32, "2" * 32, nickname)


def test_a_person_is_remembered_once_with_one_code(connection: Connection) -> None:
    first = somebody(connection, "Nonna Pina")
    assert remember(connection, first.participant_id, "1" * 32, "2" * 32, "Altro nome") == first
    assert (person(connection, first.participant_id), person_with_code(connection, first.code)) == (first, first)
    assert person(connection, new_id()) is None


def test_a_code_that_is_taken_is_not_given_again(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAAAAA", "AAAAAA", "AAAAAA", "CCCCCC"])
    monkeypatch.setattr(people, "new_personal_code", lambda: next(drawn))
    assert [somebody(connection).code for _ in range(2)] == ["AAAAAA", "CCCCCC"]


def test_a_token_is_known_until_it_is_revoked_and_only_its_hash_is_kept(connection: Connection, private: PrivateStore) -> None:
    one, other = (issue_token(connection, "participant", "3" * 32, "2" * 32) for _ in range(2))
    found = bearer_of(connection, one)
    assert found is not None
    assert (found.role, found.subject_id, found.meeting_id) == ("participant", "3" * 32, "2" * 32)
    revoke_token(connection, one)
    assert (bearer_of(connection, one), bearer_of(connection, other) is None, bearer_of(connection, "")) == (None, False, None)
    revoke_all_of(connection, "3" * 32)
    assert bearer_of(connection, other) is None
    kept = [str(row) for table in PRIVATE.sorted_tables for row in connection.execute(select(table))]
    assert not [row for row in kept if one in row or other in row]
    assert any(hashed(one) in row for row in kept)


def test_the_personal_code_brings_the_same_person_back_however_it_is_typed(connection: Connection) -> None:
    known = somebody(connection)
    token = rejoin_with_code(connection, f" {known.code[:3].lower()}-{known.code[3:]} ", "phone", 1_000)
    found = bearer_of(connection, token)
    assert found is not None
    assert found.subject_id == known.participant_id


def test_guessing_codes_is_slow_for_one_device_and_for_all(connection: Connection) -> None:
    known = somebody(connection)
    for _ in range(MOST_FROM_ONE):
        with pytest.raises(WrongSecret):
            rejoin_with_code(connection, "000000", "phone", 1_000)
    with pytest.raises(TooManyGuesses):
        rejoin_with_code(connection, known.code, "phone", 1_100)
    assert rejoin_with_code(connection, known.code, "another", 1_100)
    assert rejoin_with_code(connection, known.code, "phone", 1_000 + 601)
    for guess in range(MOST_IN_ALL - MOST_FROM_ONE):
        with pytest.raises(WrongSecret):
            rejoin_with_code(connection, "000000", f"device {guess}", 1_200)
    with pytest.raises(TooManyGuesses):
        rejoin_with_code(connection, known.code, "another", 1_200)


def test_a_voter_is_the_same_person_in_one_ballot_and_nobody_in_another(connection: Connection) -> None:
    one, other = (ballot_keys.open_key(connection, ballot) for ballot in ("4" * 32, "5" * 32))
    assert one is not None
    assert other is not None
    assert one == ballot_keys.open_key(connection, "4" * 32) == ballot_keys.known_key(connection, "4" * 32)
    voters = {ballot_keys.voter(key, person_id) for key in (one, other) for person_id in ("6" * 32, "7" * 32)}
    assert len(voters) == 4


def test_a_key_that_was_destroyed_never_comes_back(connection: Connection) -> None:
    ballot_keys.open_key(connection, "4" * 32)
    for ballot in ("4" * 32, "5" * 32):  # the second was never used
        ballot_keys.destroy_key(connection, ballot)
        assert ballot_keys.open_key(connection, ballot) is None
        assert ballot_keys.known_key(connection, ballot) is None
    assert connection.execute(select(ballot_key_table.c.key)).scalars().all() == [None, None]


def test_who_only_looks_makes_no_key(connection: Connection) -> None:
    assert ballot_keys.known_key(connection, "4" * 32) is None
    assert connection.execute(select(ballot_key_table)).all() == []


def test_a_setting_is_kept_until_another_takes_its_place(connection: Connection) -> None:
    assert setting(connection, "address", "nessuno") == "nessuno"
    for address in ("192.168.1.10", "192.168.1.11"):
        keep_setting(connection, "address", address)
    assert setting(connection, "address") == "192.168.1.11"


def test_what_is_masked_is_told_apart_and_not_found_again() -> None:
    assert masked(b"key", "a phone") == masked(b"key", "a phone") != masked(b"key", "another phone")
    assert masked(b"another key", "a phone") != masked(b"key", "a phone")
    assert len(masked(b"key", "a phone")) == 32


def test_a_private_database_is_opened_again_as_it_was(private: PrivateStore) -> None:
    with private.writer.begin() as connection:
        known = somebody(connection)
    with private.readers.connect() as reader:
        assert person(reader, known.participant_id) == known
