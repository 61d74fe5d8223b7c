"""What is written is read back the same, what is not the message is refused, and nothing a peer sends does worse."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.room.events import PrintOutcome, Record
from core.room.ordering import KioskTime
from core.room.state import SiteState, fingerprint
from core.wire import messages as m
from core.wire.coding import (
    WireError,
    decode,
    decode_record,
    decode_report,
    decode_state,
    encode,
    encode_record,
    encode_report,
    encode_state,
    wrap_log,
    wrap_reports,
)
from tests.core.wire import strategies as any_

_MODELS = sorted(any_.messages, key=lambda model: model.__name__)
_each_message = pytest.mark.parametrize("model", _MODELS, ids=lambda model: model.__name__)
_fuzz = settings(max_examples=30, deadline=None)


def test_every_message_of_the_protocol_is_drawn_here() -> None:
    assert set(_MODELS) == set(m.Message.__subclasses__())


@_each_message
@_fuzz
@given(data=st.data())
def test_what_is_written_is_read_back_the_same(model: type[m.Message], data: st.DataObject) -> None:
    message = data.draw(any_.messages[model])
    assert decode(model, encode(message)) == message


@_fuzz
@given(any_.records)
def test_a_record_is_read_back_the_same(record: Record[Any]) -> None:
    assert decode_record(encode_record(record)) == record


@_fuzz
@given(any_.reports)
def test_a_report_is_read_back_the_same(report: m.Report) -> None:
    assert decode_report(json.loads(encode_report(report))) == report


@_fuzz
@given(any_.states)
def test_a_state_is_read_back_the_same_and_in_the_same_order(state: SiteState) -> None:
    again = decode_state(encode_state(state))
    assert again == state
    assert fingerprint(again) == fingerprint(state)
    assert list(again.tickets) == list(state.tickets)


@_each_message
@_fuzz
@given(payload=st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_as_what_they_are(model: type[m.Message], payload: bytes) -> None:
    with pytest.raises(WireError, match=model.__name__):
        decode(model, payload)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@_each_message
@_fuzz
@given(data=st.data())
def test_a_message_with_any_field_replaced_by_anything_is_read_or_refused(
    model: type[m.Message], data: st.DataObject
) -> None:
    table = json.loads(encode(data.draw(any_.messages[model])))
    table[data.draw(st.sampled_from(sorted(model.model_fields)))] = data.draw(_json)
    message = None
    with contextlib.suppress(WireError):
        message = decode(model, json.dumps(table).encode())
    assert message is None or decode(model, encode(message)) == message


@_fuzz
@given(st.dictionaries(st.text(max_size=10), _json, max_size=4), _json)
def test_an_entry_that_is_no_report_and_a_body_that_is_no_record_are_refused(entry: dict[str, Any], body: Any) -> None:
    with pytest.raises(WireError, match="report"):
        decode_report(entry)
    with pytest.raises(WireError, match="record"):
        decode_record(json.dumps(body).encode())


@_each_message
def test_a_payload_over_the_limit_is_refused_unread(model: type[m.Message]) -> None:
    with pytest.raises(WireError, match=rf"{model.__name__} of {model.max_bytes + 1} bytes, {model.max_bytes} allow"):
        decode(model, b"{" + b" " * model.max_bytes)
    with pytest.raises(WireError, match="Invalid JSON"):
        decode(model, b"{" + b" " * (model.max_bytes - 1))


@pytest.mark.parametrize("payload", [b"[" * 5000, b'{"a":' * 5000, b'{"v":' + b"9" * 10_000 + b"}"])
@_each_message
def test_deep_and_long_payloads_are_refused(model: type[m.Message], payload: bytes) -> None:
    with pytest.raises(WireError, match=model.__name__):
        decode(model, payload[: model.max_bytes])


@_each_message
@_fuzz
@given(data=st.data())
def test_fields_of_a_later_release_are_ignored(model: type[m.Message], data: st.DataObject) -> None:
    message = data.draw(any_.messages[model])
    table = json.loads(encode(message)) | {"of_a_later_release": {"a": [1]}}
    assert decode(model, json.dumps(table).encode()) == message


_ISSUED = {
    "kind": "issued",
    "ticket": "0f" * 16,
    "number": "A042",
    "token": "abcdefghijklmnop",
    "service": "consultation",
    "language": "fr",
    "at": {"boot": 1, "mono_ms": 2, "wall_ms": 3, "is_synchronised": True},
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ticket", "A/#"),
        ("ticket", "x" * 33),
        ("ticket", ""),
        ("number", "a042"),
        ("number", "A42"),
        ("number", "A042\n"),
        ("token", "too-short"),
        ("token", "abcdefghijklmno/"),
        ("service", "Consultation"),
        ("language", "french"),
        ("at", {"boot": 1, "mono_ms": -1, "wall_ms": 3, "is_synchronised": True}),
        ("at", {"boot": 1, "mono_ms": 2, "wall_ms": 2**53, "is_synchronised": True}),
        ("wait", {"p10_s": 0, "p25_s": 60, "p50_s": 120, "p75_s": 180, "p90_s": 10**9}),
        ("wait", {"p10_s": 0, "p25_s": 60, "p50_s": 120, "p75_s": 180, "p90_s": 60}),
        ("wait", {"p10_s": 0, "p25_s": 60, "p50_s": 120, "p75_s": 180, "p90_s": 240, "in_time": 101}),
    ],
)
def test_a_ticket_with_a_field_out_of_bounds_never_reaches_the_rules(field: str, value: object) -> None:
    assert decode_report(_ISSUED)
    with pytest.raises(WireError, match="report"):
        decode_report({**_ISSUED, field: value})


@pytest.mark.parametrize(
    "act",
    [
        {"kind": "press", "room": "ROOM 2"},
        {"kind": "press", "room": "room/2"},
        {"kind": "requeue", "ticket": "x" * 33},
        {"kind": "transfer", "ticket": "t", "service": "+"},
        {"kind": "come-on-duty", "room": "room-2", "practitioner": "Dr Vallon"},
        {"kind": "raise-warning", "device": "aubagne/kiosk"},
        {"kind": "letter", "disk": "#"},
        {"kind": "open-day", "day": "2026-11-22"},
        {"kind": "cancel", "ticket": "t", "reason": "day-over"},
    ],
)
def test_an_act_that_names_no_id_or_is_nobodys_to_ask_for_is_refused(act: dict[str, str]) -> None:
    with pytest.raises(WireError, match=r"Ask act"):
        decode(m.Ask, json.dumps({"id": "q", "beat": "1.0", "ttl_s": 5, "act": act}).encode())


@pytest.mark.parametrize("ttl_s", ["0", "-1", "60.1", "NaN", "Infinity", "1e999"])
def test_a_question_lives_for_some_seconds_at_most(ttl_s: str) -> None:
    payload = '{"id":"q","beat":"1.0","act":{"kind":"press","room":"room-2"},"ttl_s":%s}'
    assert decode(m.Ask, (payload % "60").encode())
    with pytest.raises(WireError, match="Ask ttl_s"):
        decode(m.Ask, (payload % ttl_s).encode())


@_fuzz
@given(epoch=any_.ids, first=any_.seqs, oldest=any_.seqs, records=st.lists(any_.records, min_size=1, max_size=5))
def test_a_log_wrapped_as_it_lies_on_the_disk_is_the_message(
    epoch: str, first: int, oldest: int, records: list[Record[Any]]
) -> None:
    wrapped = wrap_log(epoch, first, [encode_record(one) for one in records], oldest=oldest)
    message = m.LogBatch(epoch=epoch, first=first, oldest=oldest, records=records)
    assert decode(m.LogBatch, wrapped) == message
    assert json.loads(wrapped) == json.loads(encode(message))


@_fuzz
@given(
    epoch=any_.ids,
    first=any_.seqs,
    oldest=any_.seqs,
    known=any_.counts,
    told=any_.times,
    beat=st.none() | any_.texts,
    reports=st.lists(any_.reports, min_size=1, max_size=5),
)
def test_reports_wrapped_as_they_lie_on_the_disk_are_the_message(
    epoch: str, first: int, oldest: int, known: int, told: KioskTime, beat: str | None, reports: list[m.Report]
) -> None:
    bodies = [encode_report(one) for one in reports]
    wrapped = wrap_reports(epoch, first, bodies, told, oldest=oldest, known=known, beat=beat)
    entries = [one.model_dump(mode="json") for one in reports]
    message = m.Reports(epoch=epoch, first=first, oldest=oldest, known=known, told=told, beat=beat, entries=entries)
    assert decode(m.Reports, wrapped) == message
    assert json.loads(wrapped) == json.loads(encode(message))


def test_one_report_that_cannot_be_read_does_not_spoil_the_others() -> None:
    good = encode_report(m.PrintedReport(ticket="t", outcome=PrintOutcome.PRINTED))
    told = KioskTime(boot=1, mono_ms=2, wall_ms=3, is_synchronised=True)

    message = decode(m.Reports, wrap_reports("disk", 1, [good, b'{"kind":"of-a-later-release"}', good], told))

    assert len(message.entries) == 3
    with pytest.raises(WireError, match="report"):
        decode_report(message.entries[1])
