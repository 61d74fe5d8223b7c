from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from core.wire.identity import Id, new_id, new_token

_ID = TypeAdapter(Id)


def test_ids_and_tokens_have_the_shape_that_the_wire_asks_for_and_never_repeat() -> None:
    ids, tokens = {new_id() for _ in range(200)}, {new_token() for _ in range(200)}
    assert len(ids) == len(tokens) == 200
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) and _ID.validate_python(one) for one in ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", one) for one in tokens)


@pytest.mark.parametrize("text", ["aubagne", "room-2", "1", "a" * 32])
def test_an_id_is_lower_case(text: str) -> None:
    assert _ID.validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["", "-a", "Aubagne", "a/b", "a+", "a#", "$sys", "a b", "é", "a\n", "a\0", "a" * 33, "../a"]
)
def test_nothing_that_could_be_part_of_a_topic_is_an_id(text: str) -> None:
    with pytest.raises(ValidationError):
        _ID.validate_python(text)
