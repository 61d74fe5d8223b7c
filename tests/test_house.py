"""The rules of `conftest.py` hold: what they forbid does fail."""

from __future__ import annotations

import logging
import os
import socket

import pytest

from tests.conftest import OutsideNetwork, log_lines_must_format


def test_no_connection_leaves_this_machine() -> None:
    with socket.socket() as connection, pytest.raises(OutsideNetwork, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as datagrams, pytest.raises(OutsideNetwork, match=r"192\.0\.2\.1"):
        datagrams.sendto(b"", ("192.0.2.1", 53))
    with pytest.raises(OutsideNetwork, match=r"elsewhere\.example"):
        socket.getaddrinfo("elsewhere.example", 80)


def test_this_machine_can_be_talked_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_a_log_line_that_does_not_format_fails_its_test_even_below_a_boundary() -> None:
    log = logging.getLogger("house")
    log.propagate = False
    with log_lines_must_format("house"):
        log.debug("%d messages", 3)
    with pytest.raises(AssertionError, match=r"test_house\.py:\d+: '%d messages'"), log_lines_must_format("house"):
        log.debug("%d messages", "no number")


def test_the_environment_of_one_test_is_changed() -> None:
    os.environ["BORNE_TEST"] = "left behind"


def test_the_environment_of_the_next_test_is_clean() -> None:
    assert "BORNE_TEST" not in os.environ
