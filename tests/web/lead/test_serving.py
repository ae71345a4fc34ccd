"""Starting: one server for a data folder, a clear line when it cannot, the address that was asked for. Real processes."""

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx

from tests.support.server import a_server


def serve(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A server that is expected to refuse."""
    command = [sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--data", str(data), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_second_server_on_the_same_folder_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with a_server(tmp_path) as first:
        port = first.url.rpartition(":")[2]
        for options in (("--port", "0"), ("--port", port)):
            second = serve(tmp_path, *options)
            assert (second.returncode, first.url in second.stderr, "Traceback" in second.stderr) == (1, True, False)
        assert httpx.get(f"{first.url}/sign-in", trust_env=False).status_code == 200


def test_a_folder_whose_server_was_killed_can_be_served_again(tmp_path: Path) -> None:
    with a_server(tmp_path) as first:
        first.kill()
    with a_server(tmp_path) as again:
        assert httpx.get(f"{again.url}/sign-in", trust_env=False).status_code == 200
        assert again.passphrase == ""


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = serve(tmp_path, "--port", port)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert f"Port {port} cannot be used" in refused.stderr


def test_the_first_start_shows_a_passphrase_that_works_and_the_second_does_not_show_it(tmp_path: Path) -> None:
    with a_server(tmp_path) as first, httpx.Client(base_url=first.url, headers={"Origin": first.url}, trust_env=False) as client:
        assert client.post("/sign-in", data={"secret": first.passphrase}).headers["Location"] == "/lead"
        assert client.get("/lead").status_code == 200
    with a_server(tmp_path) as second, httpx.Client(base_url=second.url, headers={"Origin": second.url}, trust_env=False) as client:
        assert second.passphrase == ""
        assert client.post("/sign-in", data={"secret": first.passphrase}).headers["Location"] == "/lead"


def test_a_host_that_was_asked_for_is_what_the_codes_say_and_is_answered(tmp_path: Path) -> None:
    with a_server(tmp_path, "--host", "tavoli.example") as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        port = server.url.rpartition(":")[2]
        assert client.get(server.entry).status_code == 303
        assert f"http://tavoli.example:{port}" in client.get("/lead/settings").text
        assert client.get("/sign-in", headers={"Host": f"tavoli.example:{port}"}).status_code == 303
        assert client.get("/sign-in", headers={"Host": f"evil.example:{port}"}).status_code == 421
