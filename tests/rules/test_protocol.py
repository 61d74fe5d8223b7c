"""docs/protocol.md says what the code does: every topic, every message with an example that is one, every event."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from core.room.events import Event
from core.wire import topics
from core.wire.coding import decode, decode_record, decode_report, encode_record
from core.wire.messages import Message

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
MESSAGES = {one.__name__: one for one in Message.__subclasses__()}
EXAMPLES = dict(re.findall(r"^### `(\w+)`\n\n.*\n\n```json\n(.*)\n```$", PAGE, flags=re.MULTILINE))
TOPICS = re.findall(r"^\| `(fq/1/\S+)` \| .* \| (?:`(\w+)`|reserved: .*) \| (?:yes|no) \|$", PAGE, flags=re.MULTILINE)
EVENTS = re.search(r"```jsonl\n(.*?)\n```", PAGE, flags=re.DOTALL)


def test_every_message_has_an_example_and_nothing_else_has() -> None:
    assert EXAMPLES.keys() == MESSAGES.keys()


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_the_example_is_such_a_message_and_shows_every_field(name: str) -> None:
    example = EXAMPLES[name]

    decode(MESSAGES[name], example.encode())

    assert json.loads(example).keys() == MESSAGES[name].model_fields.keys()


def test_the_entries_of_the_reports_are_reports() -> None:
    kinds = [decode_report(entry).kind for entry in json.loads(EXAMPLES["Reports"])["entries"]]
    assert kinds == ["issued", "printed"]


def test_every_topic_of_the_code_is_in_the_table_once() -> None:
    made = {topics.AGENT_STATE, f"{topics.PREFIX}/{{site}}/screen"}
    for branch, leaves in (
        ("dev/{device}", topics._DEV_LEAVES),
        ("up", topics._UP_LEAVES),
        ("down", topics._DOWN_LEAVES),
    ):
        made |= {f"{topics.PREFIX}/{{site}}/{branch}/{leaf}" for leaf in leaves}

    assert sorted(topic for topic, _message in TOPICS) == sorted(made)


def test_every_message_of_the_table_exists_and_every_message_has_a_topic() -> None:
    assert {message for _topic, message in TOPICS if message} == MESSAGES.keys()


def test_there_is_one_record_of_each_kind_of_event_as_the_code_writes_it() -> None:
    assert EVENTS
    records = [decode_record(line.encode()) for line in EVENTS.group(1).splitlines()]

    assert {type(record.event) for record in records} == set(get_args(Event))
    assert "\n".join(encode_record(record).decode() for record in records) == EVENTS.group(1)
