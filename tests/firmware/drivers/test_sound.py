"""The loudspeaker: the real aplay plays into a file, the named fake remembers."""

from __future__ import annotations

import math
import os
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firmware.drivers.control import ControlClient, ControlError, ControlSocket
from firmware.drivers.errors import SoundAbsent, SoundStalled, SpeechAbsent
from firmware.drivers.sound import CHIME, VOLUMES, Words, make_sound
from firmware.drivers.sound.samples import chime, softened
from firmware.drivers.sound.settings import MockSoundSettings
from firmware.drivers.sound.speaker import Speaker
from firmware.drivers.sound.speech import RATE, Speech, clip_path
from tests.firmware.drivers.clips import record
from tests.mosquitto import wait_until

LOUD = array("h", [round(20_000 * math.sin(at / 10)) for at in range(RATE // 2)]).tobytes()
"""Half a second of a steady tone."""
HELLO = Words("Bonjour", "fr")
LONG = Words(" ".join(["Bonjour"] * 60), "fr")


def loudness_db(samples: bytes) -> float:
    values = array("h", samples)
    return 20 * math.log10(math.sqrt(sum(value * value for value in values) / len(values)) / 32_768)


@contextmanager
def speaker(device: str, clips: Path) -> Iterator[Speaker]:
    speaker = Speaker(device, Speech(clips))
    try:
        yield speaker
    finally:
        speaker.close()


def card(path: Path) -> str:
    """A sound card of ALSA's own that keeps what it is given."""
    return f"file:'{path}',raw"


def test_what_is_said_reaches_the_card_sample_by_sample(tmp_path: Path) -> None:
    record(tmp_path, HELLO, LOUD)
    with speaker(card(tmp_path / "heard"), tmp_path) as sound:
        sound.say([CHIME, HELLO], volume=VOLUMES - 1)

        wait_until(lambda: LOUD in heard(tmp_path), what="the card has it")
        assert heard(tmp_path).index(chime(RATE)) < heard(tmp_path).index(LOUD)
        assert sound.faults == ()


def heard(folder: Path) -> bytes:
    path = folder / "heard"
    return path.read_bytes() if path.exists() else b""


def test_a_new_utterance_cuts_the_old_one_off(tmp_path: Path) -> None:
    record(tmp_path, HELLO, LOUD)
    record(tmp_path, LONG, 120 * bytes(RATE))
    os.mkfifo(tmp_path / "slow")
    ear = os.open(tmp_path / "slow", os.O_RDONLY | os.O_NONBLOCK)
    with speaker(card(tmp_path / "slow"), tmp_path) as sound:
        sound.say([LONG], volume=VOLUMES - 1)
        wait_until(lambda: listen(ear), what="the long one has begun")

        sound.say([HELLO], volume=VOLUMES - 1)

        taken = b""

        def has_heard_the_new_one() -> bool:
            nonlocal taken
            taken += listen(ear)
            return LOUD in taken

        wait_until(has_heard_the_new_one, what="the new one is heard")
        assert len(taken) < 60 * RATE  # of the minute that the long one lasts
    os.close(ear)


def listen(ear: int) -> bytes:
    try:
        return os.read(ear, 65_536)
    except BlockingIOError:
        return b""


def test_silenced_in_the_middle_it_says_no_more(tmp_path: Path) -> None:
    record(tmp_path, LONG, 120 * bytes(RATE))
    os.mkfifo(tmp_path / "slow")
    ear = os.open(tmp_path / "slow", os.O_RDONLY | os.O_NONBLOCK)
    with speaker(card(tmp_path / "slow"), tmp_path) as sound:
        sound.say([LONG], volume=0)
        wait_until(lambda: listen(ear), what="it has begun")

        sound.hush()

        wait_until(lambda: is_shut(ear), what="nobody plays any more")
        assert sound.faults == ()
    os.close(ear)


def is_shut(ear: int) -> bool:
    """Whether all is read, and nobody holds the other end."""
    try:
        return os.read(ear, 65_536) == b""
    except BlockingIOError:
        return False


def test_a_missing_card_is_a_fault_that_says_what_to_do_and_ends_nothing(tmp_path: Path) -> None:
    with speaker("plughw:CARD=Nowhere", tmp_path) as sound:
        wait_until(lambda: sound.faults, what="the missing card is known before anybody asks for it")
        sound.say([CHIME], volume=1)

        (fault,) = sound.faults
        assert isinstance(fault, SoundAbsent)
        assert "plug in a sound card" in str(fault)


def test_a_card_that_hangs_is_a_fault_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hanging")
    with speaker(card(tmp_path / "hanging"), tmp_path) as sound:
        begun_s = time.monotonic()
        sound.say([CHIME], volume=1)
        assert time.monotonic() - begun_s < 0.1

        wait_until(lambda: sound.faults, what="it is known to hang")
        assert isinstance(sound.faults[0], SoundStalled)


def test_without_aplay_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with speaker("default", tmp_path) as sound:
        wait_until(lambda: sound.faults, what="the fault is known")

        assert "install alsa-utils" in str(sound.faults[0])


def test_without_clips_and_espeak_it_is_silent_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aplay").symlink_to("/usr/bin/aplay")
    monkeypatch.setenv("PATH", str(tmp_path))
    with speaker("null", tmp_path) as sound:
        wait_until(lambda: sound.faults, what="the fault is known before anybody asks for a word")

        (fault,) = sound.faults
        assert isinstance(fault, SpeechAbsent)
        assert "install espeak-ng" in str(fault)


def test_volumes_span_18_db_with_a_step_at_12(tmp_path: Path) -> None:
    """EN 301 549, 8.2.1.1 and 8.2.1.2."""
    loudness = [loudness_db(softened(LOUD, volume)) for volume in range(VOLUMES)]

    assert loudness[-1] - loudness[0] >= 18 - 0.01
    assert any(abs(one - loudness[0] - 12) < 0.1 for one in loudness)


def test_the_chime_is_heard_and_ends_softly() -> None:
    samples = array("h", chime(RATE))

    assert 0.5 < len(samples) / RATE < 1.5
    assert 10_000 < max(samples) < 25_000
    assert max(abs(sample) for sample in samples[-100:]) < 100


def test_the_fake_tells_what_it_said_unless_its_card_is_out(control: ControlSocket, client: ControlClient) -> None:
    sound = make_sound(MockSoundSettings(driver="mock"), control)

    sound.say([CHIME, HELLO], volume=2)
    client.call("sound", "card", present=False)
    sound.say([LONG], volume=2)

    assert client.call("sound", "said") == {"said": [{"texts": ["♪", "Bonjour"], "languages": ["fr"], "volume": 2}]}
    assert isinstance(sound.faults[0], SoundAbsent)
    client.call("sound", "card", present=True)
    assert sound.faults == ()


def test_the_fake_refuses_what_it_does_not_know(control: ControlSocket, client: ControlClient) -> None:
    make_sound(MockSoundSettings(driver="mock"), control)

    with pytest.raises(ControlError, match="no such cue"):
        client.call("sound", "sing")


def test_a_clip_lies_where_its_language_pace_and_text_say(tmp_path: Path) -> None:
    paths = {
        clip_path(tmp_path, words)
        for words in (HELLO, Words("Bonjour", "es"), Words("Bonjour", "fr", is_slow=True), Words("bonjour", "fr"))
    }

    assert len(paths) == 4
    assert clip_path(tmp_path, HELLO) == clip_path(tmp_path, Words("Bonjour", "fr"))
