"""The clips that `make clips` makes, by the real espeak-ng."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from core.edge.words import LANGUAGES, say
from core.room.phrases import Phrase
from firmware.drivers.sound import Words
from firmware.drivers.sound.speech import RATE, Speech, clip_path
from scripts.clips import make, wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kiosk_without_espeak_says_phrases_letters_and_numbers_from_its_clips(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase = say(Phrase("kiosk.take-your-ticket"), language)
    needed = {Words(text, language) for text in (phrase, "35")} | {
        Words(sign, language, is_slow=True) for sign in "A042"
    }
    assert needed <= wanted(language, None)
    for words in needed:
        assert make(tmp_path, words)
    monkeypatch.setenv("PATH", str(tmp_path))
    speech = Speech(tmp_path)

    for words, least_s in (
        (Words(phrase, language), 0.7),
        (Words("35", language), 0.3),
        (Words("A, 0, 4, 2", language, is_slow=True), 1.0),
    ):
        samples = array("h", b"".join(speech.samples(words)))
        assert least_s < len(samples) / RATE < 5
        loud = sum(abs(sample) > 1000 for sample in samples)
        assert loud > len(samples) / 10  # no silence


def test_a_clip_that_is_there_is_kept(tmp_path: Path) -> None:
    words = Words("Bienvenue", "fr")
    make(tmp_path, words)
    clip_path(tmp_path, words).write_bytes(b"a person's recording")

    assert not make(tmp_path, words)
    assert clip_path(tmp_path, words).read_bytes() == b"a person's recording"
    assert [path.name for path in (tmp_path / "fr").iterdir()] == [clip_path(tmp_path, words).name]
