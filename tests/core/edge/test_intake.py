from __future__ import annotations

import logging

import pytest

from core.edge.intake import Intake
from core.wire.coding import encode
from core.wire.messages import Ack

_GOOD = Ack(epoch="disk", upto=3)


def test_a_message_that_can_be_read_is_read_and_not_counted() -> None:
    intake = Intake()
    assert intake.read(Ack, "ack", encode(_GOOD)) == _GOOD
    assert not intake.refused


def test_what_cannot_be_read_is_counted_each_time_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    intake = Intake()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert intake.read(Ack, "ack", b'{"epoch":"disk","upto":-1}') is None
        assert intake.read(Ack, "other-ack", b"") is None
    assert intake.refused == {"ack": 3, "other-ack": 1}
    assert [record.getMessage() for record in caplog.records] == [
        "dropped a message on ack: Ack upto: Input should be greater than or equal to 0",
        "dropped a message on other-ack: Ack : Invalid JSON: EOF while parsing a value at line 1 column 0",
    ]


def test_a_peer_that_invents_topics_fills_neither_the_memory_nor_the_log(caplog: pytest.LogCaptureFixture) -> None:
    intake = Intake()
    with caplog.at_level(logging.WARNING):
        for place in range(1000):
            intake.refuse(f"invented-{place}", "unknown topic")
    assert len(intake.refused) == len(caplog.records) == 51
    assert intake.refused["other"] == 950
