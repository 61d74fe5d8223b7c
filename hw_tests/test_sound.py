"""The loudspeaker of the rig: a person says what was heard."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from core.edge.words import LANGUAGES
from firmware.drivers.sound import CHIME, VOLUMES, Sound, Words, make_sound
from hw_tests.conftest import Ask, RigFile


@pytest.fixture
def sound(rig_file: RigFile) -> Iterator[Sound]:
    assert rig_file.sound, "the rig's file has no [sound]"
    with closing(make_sound(rig_file.sound)) as sound:
        yield sound


def is_heard(sound: Sound, ask: Ask, what: str) -> bool:
    return ask(f"Did you hear {what}? [y/n]") == "y" and sound.faults == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_heard_whole_after_the_chime(sound: Sound, ask: Ask, language: str) -> None:
    ask("Press Enter and listen.")

    sound.say([CHIME, Words("A, 0, 4, 2", language, is_slow=True)], volume=VOLUMES - 1)

    assert is_heard(sound, ask, f"two notes from their beginning, then A, 0, 4, 2 ({language})")


def test_each_step_is_louder_and_the_softest_is_heard(sound: Sound, ask: Ask) -> None:
    heard = []
    for volume in range(VOLUMES):
        ask(f"Press Enter and listen, {volume + 1} of {VOLUMES}.")
        sound.say([Words("Bonjour", "fr")], volume=volume)
        heard.append(is_heard(sound, ask, "it, louder than the one before" if volume else "it"))

    assert all(heard)


def test_what_is_said_anew_cuts_the_old_off(sound: Sound, ask: Ask) -> None:
    ask("Press Enter, let it count, and press Enter again before ten.")
    sound.say([Words(", ".join(map(str, range(1, 60))), "fr")], volume=VOLUMES - 1)
    ask("Now.")

    sound.say([Words("Bonjour", "fr")], volume=VOLUMES - 1)

    assert is_heard(sound, ask, "the counting end at once, and then bonjour")
