"""What a hostile or broken neighbour says: bytes that are no message, and messages with one thing wrong in them.

Rule: everything drawn here is refused by the wire; what a message may say that is merely untrue is not garbage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from core.wire.coding import WireError, decode
from core.wire.messages import Message
from tests.rules.test_protocol import EXAMPLES

__all__ = ["BYTES", "draw", "is_refused"]

_DEEP = 20_000
BYTES = (
    b"",
    b"\0",
    b"{",
    b"[]",
    b"null",
    b"0",
    b'"text"',
    b"{}",
    b'{"v":1}',
    b"\xff\xfe\xfd" * 50,
    b"[" * _DEEP,
    b'{"a":' * _DEEP,
    b"[" * _DEEP + b"]" * _DEEP,
    b"9" * 100_000,
    b'{"id":"' + b"x" * 100_000 + b'"}',
    b'{"id":"\\ud800"}',
    b'{"epoch":NaN}',
)
"""Real bytes that have stopped parsers before."""

_EDGES = (-1, 0, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, 0.5, float("inf"), float("nan"))
_WORDS = ("", " ", "x" * 33, "x" * 70_000, "\0", "\ud800", "../../etc", "+", "#", "$SYS", "A0042", "agent", "é")
_odd: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(_EDGES),
    st.sampled_from(_WORDS),
    st.integers(),
    st.text(max_size=40),
    st.recursive(st.none() | st.text(max_size=5), lambda some: st.lists(some) | st.dictionaries(st.text(), some)),
)


def draw(model: type[Message], *, count: int, at_most: int = 200_000) -> list[bytes]:
    """Payloads that are none of this message, the same ones in every run.

    Args:
        at_most: bytes of the longest; a broker hangs up on more than its packets may have.
    """
    drawn = [payload for payload in BYTES if is_refused(model, payload)]

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate], print_blob=False
    )
    @given(_spoilt(model) | st.binary(max_size=300))
    def collect(payload: bytes) -> None:
        assume(len(payload) <= at_most and is_refused(model, payload))
        drawn.append(payload)

    collect()
    return drawn


def is_refused(model: type[Message], payload: bytes) -> bool:
    try:
        decode(model, payload)
    except WireError:
        return True
    return False


@st.composite
def _spoilt(draw: st.DrawFn, model: type[Message]) -> bytes:
    """The protocol's example of a message, with one thing wrong in it."""
    payload = EXAMPLES[model.__name__].encode()
    match draw(st.sampled_from(["value", "missing", "twice", "cut", "byte"])):
        case "value":
            data = json.loads(payload)
            holder, key = draw(st.sampled_from(list(_places(data))))
            holder[key] = draw(_odd)
            return json.dumps(data).encode()
        case "missing":
            data = json.loads(payload)
            holder, key = draw(st.sampled_from(list(_places(data))))
            del holder[key]
            return json.dumps(data).encode()
        case "twice":
            key = draw(st.sampled_from(list(json.loads(payload))))
            return payload[:-1] + f",{json.dumps(key)}:{json.dumps(draw(_odd))}}}".encode()
        case "cut":
            return payload[: draw(st.integers(0, len(payload) - 1))]
    at = draw(st.integers(0, len(payload) - 1))
    return payload[:at] + draw(st.binary(min_size=1, max_size=3)) + payload[at + 1 :]


def _places(data: Any) -> Iterable[tuple[Any, Any]]:
    """Every place of a JSON value that something else can be put into."""
    if isinstance(data, dict | list):
        for key, value in list(data.items()) if isinstance(data, dict) else list(enumerate(data)):
            yield data, key
            yield from _places(value)
