"""The control socket answers everything and is broken by nothing."""

import json
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from firmware.drivers.control import ControlClient, ControlError, ControlSocket


def raw(path: Path, request: bytes) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(bytes(path))
        connection.sendall(request)
        answer: dict[str, Any] = json.loads(connection.makefile("rb").readline())
        return answer


def test_a_registered_fake_gets_the_values_and_its_answer_comes_back(control, client):
    control.register("bell", lambda request: {"rung": request["times"] * [request["do"]]})

    assert client.call("bell", "ring", times=2) == {"rung": ["ring", "ring"]}


def test_a_fake_that_fails_is_answered_as_an_error_and_goes_on(control, client, caplog):
    control.register("bell", lambda request: {"half": 1 // request["times"]})

    with pytest.raises(ControlError, match="ZeroDivisionError"):
        client.call("bell", "ring", times=0)
    assert client.call("bell", "ring", times=1) == {"half": 1}
    assert "bell ring failed" in caplog.text


def test_an_unknown_device_is_told_which_ones_there_are(control, client):
    control.register("bell", lambda request: {})

    with pytest.raises(ControlError, match="no fake is called 'gong'; here are: bell"):
        client.call("gong", "ring")


@pytest.mark.parametrize(
    "request_line", [b"not json\n", b"[]\n", b"{}\n", b'{"device": "bell"}\n', b"\xff\xfe\n", b'{"do": 3}\n']
)
def test_a_malformed_request_changes_nothing_and_says_what_one_looks_like(control, request_line):
    calls = []
    control.register("bell", lambda request: calls.append(request) or {})

    assert "error" in raw(control.path, request_line)
    assert calls == []


def test_an_oversized_request_is_refused_whole(control):
    calls = []
    control.register("bell", lambda request: calls.append(request) or {})

    assert "at most" in raw(control.path, b"x" * 65_536)["error"]
    assert calls == []


def test_the_socket_file_of_a_killed_process_is_taken_over(tmp_path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(bytes(tmp_path / "control"))

    with closing(ControlSocket(tmp_path / "control")) as control:
        control.register("bell", lambda request: {"ok": True})
        assert ControlClient(control.path).call("bell", "ring") == {"ok": True}


def test_a_second_process_is_told_that_the_first_one_listens(control):
    with pytest.raises(ControlError, match="another process listens there"):
        ControlSocket(control.path)


def test_a_path_too_long_for_a_socket_is_refused_with_the_limit(tmp_path):
    with pytest.raises(ControlError, match="longer than 107 bytes"):
        ControlSocket(tmp_path / ("x" * 120))


def test_a_device_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(ControlError, match="is the device running"):
        ControlClient(tmp_path / "nobody").call("bell", "ring")


def test_closing_removes_the_socket(tmp_path):
    control = ControlSocket(tmp_path / "control")
    control.close()

    assert not control.path.exists()
