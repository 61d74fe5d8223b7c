from __future__ import annotations

from pathlib import Path

import pytest

from core.edge.presence import count_boot, device_will, is_newer
from core.room.ids import DeviceId, SiteId
from core.wire.coding import decode
from core.wire.messages import Alert, DeviceState
from core.wire.topics import SiteTopics


def _state(boot: int, state: str = "ready") -> DeviceState:
    return DeviceState(boot=boot, role="kiosk", state=state, alerts=[Alert(code="paper-out")])


def test_each_start_is_counted_and_the_count_survives(tmp_path: Path) -> None:
    assert [count_boot(tmp_path / "kiosk") for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("content", [b"", b"x", b"\xff\xfe", b"-5", b"3.5", b"9" * 10_000])
def test_a_damaged_count_begins_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "boot").write_bytes(content)
    assert count_boot(tmp_path) == 1
    assert count_boot(tmp_path) == 2


def test_a_count_that_was_cut_short_while_written_leaves_the_one_before(tmp_path: Path) -> None:
    count_boot(tmp_path)
    (tmp_path / "boot.new").write_bytes(b"")
    assert count_boot(tmp_path) == 2


def test_the_will_is_the_state_lost(tmp_path: Path) -> None:
    topic, payload = device_will(SiteTopics(SiteId("aubagne")), DeviceId("aubagne-kiosk-1"), _state(4))
    assert topic == "fq/1/aubagne/dev/aubagne-kiosk-1/state"
    assert decode(DeviceState, payload) == _state(4, "lost")


@pytest.mark.parametrize(
    ("told", "known", "is_taken"),
    [
        (_state(1, "lost"), None, True),
        (_state(4, "lost"), _state(4), True),
        (_state(3, "lost"), _state(4), False),
        (_state(4), _state(3), True),
        (_state(1), _state(4), True),
    ],
    ids=["first", "of this boot", "of an older boot", "birth", "birth with a new disk"],
)
def test_only_a_will_of_an_older_boot_is_ignored(told: DeviceState, known: DeviceState | None, is_taken: bool) -> None:
    assert is_newer(told, known) is is_taken
