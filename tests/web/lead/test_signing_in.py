"""The lead comes in by passphrase or by the link printed at start; guessing is slow; going out is going out."""

import pytest

from tests.web.lead.conftest import PASSPHRASE, Room
from workshop.private.guesses import MOST
from workshop.private.signing_in import keep_one_time_link


@pytest.mark.parametrize("typed", [PASSPHRASE, "Acqua Faro melo-neve vigna", f"  {PASSPHRASE.upper()} "])
def test_the_passphrase_opens_the_lead_s_page_however_it_is_written(unsigned: Room, typed: str) -> None:
    assert unsigned.lead.post("/sign-in", secret=typed).headers["Location"] == "/lead"
    assert unsigned.lead.get("/lead").status_code == 200


@pytest.mark.parametrize("typed", ["", "acqua", "x" * 5_000, "\x00", "acqua-faro-melo-neve"])
def test_a_wrong_passphrase_stays_outside(unsigned: Room, typed: str) -> None:
    answer = unsigned.lead.post("/sign-in", secret=typed)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (422, False)
    assert unsigned.lead.get("/lead").status_code == 401


def test_the_page_says_how_many_tries_are_left_and_never_shows_what_was_typed(unsigned: Room) -> None:
    answer = unsigned.lead.post("/sign-in", secret="una-prova")
    assert "Ti restano 4 tentativi" in answer.text
    assert "una-prova" not in answer.text


def test_after_five_wrong_guesses_the_right_passphrase_has_to_wait_too(unsigned: Room) -> None:
    for _ in range(MOST):
        assert unsigned.lead.post("/sign-in", secret="sbagliata").status_code == 422
    answer = unsigned.lead.post("/sign-in", secret=PASSPHRASE)
    assert answer.status_code == 429
    assert 540 <= int(answer.headers["Retry-After"]) <= 660


def test_guesses_of_one_device_do_not_lock_out_another(unsigned: Room) -> None:
    for _ in range(MOST + 1):
        unsigned.lead.post("/sign-in", secret="sbagliata")
    answer = unsigned.lead.client.post(
        "/sign-in", data={"secret": PASSPHRASE}, headers={"Origin": "http://localhost"}, environ_base={"REMOTE_ADDR": "10.42.0.9"}
    )
    assert answer.status_code == 303


def test_the_printed_link_opens_the_lead_s_page_once(unsigned: Room) -> None:
    secret = unsigned.building.house.keep_private(keep_one_time_link)
    first, second = unsigned.visitor(), unsigned.visitor()
    assert first.get(f"/enter/{secret}").headers["Location"] == "/lead"
    answer = second.get(f"/enter/{secret}")
    assert answer.status_code == 410
    assert "vale una volta sola" in answer.text
    assert second.get("/lead").status_code == 401


def test_who_used_the_link_may_open_it_again_from_the_history(unsigned: Room) -> None:
    secret = unsigned.building.house.keep_private(keep_one_time_link)
    assert [unsigned.lead.get(f"/enter/{secret}").status_code for _ in range(2)] == [303, 303]


def test_looking_at_the_link_without_opening_it_does_not_use_it_up(unsigned: Room) -> None:
    secret = unsigned.building.house.keep_private(keep_one_time_link)
    unsigned.visitor().client.head(f"/enter/{secret}")
    assert unsigned.lead.get(f"/enter/{secret}").status_code == 303


def test_a_start_makes_the_link_of_the_start_before_void(unsigned: Room) -> None:
    first = unsigned.building.house.keep_private(keep_one_time_link)
    unsigned.building.house.keep_private(keep_one_time_link)
    assert unsigned.lead.get(f"/enter/{first}").status_code == 410


def test_signing_out_makes_the_token_worthless_even_if_it_was_copied(room: Room) -> None:
    name = f"{room.building.house.cookie}_s"
    token = room.lead.client.get_cookie(name).value
    assert room.lead.post("/sign-out").status_code == 303
    thief = room.visitor()
    thief.client.set_cookie(name, token)
    assert thief.get("/lead").status_code == 401


def test_the_organiser_comes_to_the_archive_and_has_setup_and_computers_too(central: Room) -> None:
    assert [central.lead.get(path).status_code for path in ("/setup", "/devices", "/lead")] == [200, 200, 404]
