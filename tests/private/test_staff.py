"""Staff come in by link, passphrase or invitation and PIN; wrong tries are counted; who is sent away stays away."""

import re

import pytest
from sqlalchemy import Connection, select

from workshop.domain.people import Role
from workshop.private.database import PRIVATE
from workshop.private.guesses import MOST, WINDOW, TooManyGuesses, WrongPassphrase, WrongSecret, check_guesses, forget_guesses, note_guess
from workshop.private.signing_in import keep_one_time_link, sign_in_by_link, sign_in_by_passphrase, sign_in_by_pin
from workshop.private.staff import invite, invited, knows_secret, lead_of, make_lead, new_passphrase, revoke, staff_member, staff_of
from workshop.private.tokens import bearer_of

MEETING, TABLE, NOW = "1" * 32, "2" * 32, 1_000_000


def test_an_invitation_opens_with_its_pin_and_leads_to_its_tables(connection: Connection) -> None:
    invitation = invite(connection, Role.FACILITATOR, "Marta", MEETING, frozenset({TABLE, "3" * 32}))
    token = sign_in_by_pin(connection, invitation.secret, f" {invitation.pin.lower()} ", "phone", NOW)
    found = bearer_of(connection, token)
    assert found is not None
    member = staff_member(connection, found.subject_id)
    assert member is not None
    assert (member.role, member.name, member.tables, member.revoked) == ("facilitator", "Marta", frozenset({TABLE, "3" * 32}), False)
    assert [each.id for each in staff_of(connection, MEETING)] == [member.id]


def test_neither_pin_nor_invitation_nor_passphrase_is_kept_in_clear(connection: Connection) -> None:
    invitation, passphrase = invite(connection, Role.SCRIBE, "", MEETING, frozenset()), new_passphrase()
    make_lead(connection, Role.LEAD, passphrase)
    kept = " ".join(str(row) for table in PRIVATE.sorted_tables for row in connection.execute(select(table)))
    assert not [secret for secret in (invitation.pin, invitation.secret, passphrase) if secret in kept]


def test_a_wrong_pin_is_counted_and_after_five_even_the_right_one_waits(connection: Connection) -> None:
    invitation = invite(connection, Role.SCRIBE, "", MEETING, frozenset({TABLE}))
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongSecret) as refused:
            sign_in_by_pin(connection, invitation.secret, "000000", "phone", NOW)
        assert refused.value.detail == {"left": left}
    with pytest.raises(TooManyGuesses) as waits:
        sign_in_by_pin(connection, invitation.secret, invitation.pin, "phone", NOW + 1)
    assert waits.value.detail == {"minutes": 10}
    assert sign_in_by_pin(connection, invitation.secret, invitation.pin, "another phone", NOW + 1)
    assert sign_in_by_pin(connection, invitation.secret, invitation.pin, "phone", NOW + WINDOW)


def test_an_invitation_that_is_none_or_was_revoked_lets_nobody_in(connection: Connection) -> None:
    invitation = invite(connection, Role.SCRIBE, "", MEETING, frozenset({TABLE}))
    token = sign_in_by_pin(connection, invitation.secret, invitation.pin, "phone", NOW)
    revoke(connection, invitation.staff_id)
    assert bearer_of(connection, token) is None
    assert invited(connection, "") is None
    for secret in (invitation.secret, "no such secret", ""):
        with pytest.raises(WrongSecret):
            sign_in_by_pin(connection, secret, invitation.pin, "phone", NOW)


def test_who_leads_comes_in_by_passphrase_however_it_is_typed(connection: Connection) -> None:
    passphrase = new_passphrase()
    lead = make_lead(connection, Role.LEAD, passphrase)
    found = bearer_of(connection, sign_in_by_passphrase(connection, passphrase.upper().replace("-", "  "), Role.LEAD, "laptop", NOW))
    assert found is not None
    assert (found.subject_id, found.role) == (lead, Role.LEAD)
    with pytest.raises(WrongPassphrase):
        sign_in_by_passphrase(connection, "cinque parole di un altro", Role.LEAD, "laptop", NOW)
    with pytest.raises(WrongPassphrase):
        sign_in_by_passphrase(connection, passphrase, Role.ORGANISER, "laptop", NOW)


def test_the_printed_link_works_once(connection: Connection) -> None:
    make_lead(connection, Role.LEAD, new_passphrase())
    earlier, secret = keep_one_time_link(connection), keep_one_time_link(connection)
    assert sign_in_by_link(connection, earlier, Role.LEAD) is None
    token = sign_in_by_link(connection, secret, Role.LEAD)
    assert token is not None
    assert bearer_of(connection, token) is not None
    assert sign_in_by_link(connection, secret, Role.LEAD) is None
    assert sign_in_by_link(connection, "", Role.LEAD) is None


def test_a_passphrase_is_five_plain_words() -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+){4}", new_passphrase())
    assert new_passphrase() != new_passphrase()


def test_a_secret_is_known_to_who_was_given_it_only(connection: Connection) -> None:
    lead = make_lead(connection, Role.LEAD, "acqua-albero-barca-bosco-cielo")
    assert knows_secret(connection, lead, "acqua-albero-barca-bosco-cielo")
    assert not knows_secret(connection, lead, "")
    assert not knows_secret(connection, "f" * 32, "acqua-albero-barca-bosco-cielo")
    revoke(connection, lead)
    assert not knows_secret(connection, lead, "acqua-albero-barca-bosco-cielo")
    assert lead_of(connection, Role.LEAD) is None


def test_guesses_are_counted_in_a_window_that_begins_with_the_first(connection: Connection) -> None:
    assert [note_guess(connection, "pin:x", NOW + second) for second in range(MOST)] == [1, 2, 3, 4, 5]
    with pytest.raises(TooManyGuesses):
        check_guesses(connection, "pin:x", NOW + WINDOW - 1)
    check_guesses(connection, "pin:x", NOW + WINDOW)
    check_guesses(connection, "pin:y", NOW)
    assert note_guess(connection, "pin:x", NOW + WINDOW) == 1
    forget_guesses(connection, "pin:x")
    assert note_guess(connection, "pin:x", NOW) == 1
