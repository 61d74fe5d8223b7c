"""Words made sound, by clips and by the real espeak-ng."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from core.edge.words import LANGUAGES
from firmware.drivers.errors import SpeechAbsent
from firmware.drivers.sound import Words
from firmware.drivers.sound.speech import RATE, Speech, clip_path, pieces
from tests.firmware.drivers.clips import record

SENTENCES = {
    "fr": "Appuyez pour entendre chaque choix.",
    "en": "Press to hear each choice.",
    "es": "Pulse para oír cada opción.",
    "ar": "اضغط لسماع كل خيار.",
}
NUMBER = "A, 0, 4, 2"


def seconds(samples: bytes) -> float:
    return len(samples) / 2 / RATE


def said(speech: Speech, words: Words) -> bytes:
    return b"".join(speech.samples(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_espeak_reads_every_language_loud_and_unhurried(tmp_path: Path, language: str) -> None:
    samples = said(Speech(tmp_path), Words(SENTENCES[language], language))

    assert 1.2 < seconds(samples) < 4.5
    assert 8_000 < max(map(abs, array("h", samples))) < 32_767  # neither a whisper nor clipped


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_read_slowly_where_it_is_to_be_remembered(tmp_path: Path, language: str) -> None:
    quick, slow = (said(Speech(tmp_path), Words(NUMBER, language, is_slow=pace)) for pace in (False, True))

    assert seconds(slow) > 1.15 * seconds(quick)


def test_a_persons_recording_goes_before_espeak(tmp_path: Path) -> None:
    words = Words("Bienvenue", "fr")
    record(tmp_path, words, b"\x01\x02" * 1000)

    assert said(Speech(tmp_path), words) == b"\x01\x02" * 1000


@pytest.mark.parametrize("damage", ["cut short", "of another pace"])
def test_a_clip_that_cannot_be_played_is_passed_over(tmp_path: Path, damage: str) -> None:
    words = Words("Bienvenue", "fr")
    record(tmp_path, words, b"\x01\x02" * 1000, rate=RATE if damage == "cut short" else 44_100)
    if damage == "cut short":
        clip_path(tmp_path, words).write_bytes(b"RIFF")

    assert 0.3 < seconds(said(Speech(tmp_path), words)) < 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Attente prévue : entre 35 et 55 minutes", ["Attente prévue", "entre", "35", "et", "55", "minutes"]),
        (NUMBER, ["A", "0", "4", "2"]),
        ("Personne n’attend.", ["Personne n’attend"]),
        ("L’équipe est prévenue", ["L’équipe est prévenue"]),
        ("من 35 إلى 55 دقيقة؟", ["من", "35", "إلى", "55", "دقيقة"]),
    ],
)
def test_a_sentence_falls_into_numbers_letters_and_what_stands_between(text: str, parts: list[str]) -> None:
    assert [piece.text for piece in pieces(Words(text, "fr"))] == parts


def test_without_espeak_a_sentence_is_put_together_from_its_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for sign in (b"A", b"0", b"4", b"2"):
        record(tmp_path, Words(sign.decode(), "fr"), sign * 2)

    assert said(Speech(tmp_path), Words("A, 0, 4, 2.", "fr")) == b"AA004422"


def test_what_neither_clip_nor_espeak_can_say_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    record(tmp_path, Words("Bienvenue", "fr"), b"\x00\x00")
    speech = Speech(tmp_path)
    assert speech.fault is None

    with pytest.raises(SpeechAbsent, match="no clip says 'Bonsoir'"):
        said(speech, Words("Bonsoir", "fr"))
