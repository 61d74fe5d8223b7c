"""Has espeak-ng read aloud once what the kiosk can say: `python -m scripts.clips [--site centre.toml] [--out DIR]`.

For each language: every phrase whole; each letter, digit and number, and what stands between them in the phrases that
hold some. The names of a centre and its services are read too if its file is given. A clip that is there already is
kept: a person's recording may lie in its place. `texts.tsv` of each language says which file says what, and how slowly.
"""

from __future__ import annotations

import argparse
import itertools
import os
import string
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

import core.edge.words
from core.edge.config import load
from core.edge.language import Language, in_language
from core.edge.site import Site
from core.edge.words import LANGUAGES
from firmware.drivers.sound.port import Words
from firmware.drivers.sound.speech import CLIPS, RATE, clip_path, pieces, synthesized
from firmware.kiosk.guidance.speech import aloud
from firmware.kiosk.sheets.keyboard import DIGITS, SIGNS
from firmware.kiosk.sheets.sheet import OWN_NAMES

_GROUPS = ("kiosk.", "wait.", "duty.", "speech.", "page.emergency", "page.stale")
"""What phrases on the kiosk's screen begin with."""
_READ_WITHIN = ("speech.day", "speech.hour", "speech.time")
"""Forms of the values in other phrases."""
_NUMBERS = (*range(100), 112, 114, 115, 116, 117)
"""How many wait, how many minutes, hours, days; whom to call for help."""
_MINUTES = [f"{minute:02}" for minute in range(60)]
_SAMPLES = {"time": ("09:00", "09:30"), "day": [f"01/{month:02}" for month in range(1, 13)]}
"""Values that are read with words of their own; every other one is a number, or text that only espeak-ng can read."""
_NESTED = {
    "wait": ("wait.under", "wait.between", "wait.between-long"),
    "low": ("wait.minutes", "wait.hours", "wait.hours-and"),
    "high": ("wait.minutes", "wait.hours", "wait.hours-and"),
    "hours": ("wait.hours",),
    "until": ("kiosk.elsewhere-until", "duty.until"),
}
"""Phrases that stand in others, by the name of their place."""


def main() -> None:
    """Make the clips that are missing."""
    parser = argparse.ArgumentParser(description="make the kiosk's spoken clips")
    parser.add_argument("--site", type=Path, help="a centre's file, whose names are read too")
    parser.add_argument("--out", type=Path, default=CLIPS, help=f"where they go ({CLIPS})")
    given = parser.parse_args()
    site = load(given.site, Site) if given.site else None
    clips = [words for language in LANGUAGES for words in wanted(language, site)]
    for language in LANGUAGES:
        _list(given.out, [words for words in clips if words.language == language])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = sum(pool.map(lambda words: make(given.out, words), clips))
    print(f"{made} clips made, {len(clips) - made} were there: {given.out}")  # noqa: T201 - for the person who asked


def wanted(language: Language, site: Site | None) -> set[Words]:
    """All clips of a language."""
    signs = [*SIGNS.replace("-", ""), *DIGITS]
    texts = {*signs, *map(str, _NUMBERS), *_MINUTES, OWN_NAMES[language]}
    for phrase, forms in _catalogue(language).items():
        if phrase.startswith(_GROUPS) and phrase not in _READ_WITHIN:
            for form in forms:
                texts |= set(_read(language, form))
    if site is not None:
        own = [*(one.name for one in site.offered), *(one.phrase for one in site.offered if one.phrase)]
        own += site.warning.signs if site.warning else []
        names = [site.name, *(in_language(text, language) for text in own)]
        texts |= {text for name in names for text in _read(language, name)}
    return {Words(text, language) for text in texts} | {Words(sign, language, is_slow=True) for sign in signs}


def _read(language: Language, form: str) -> Iterator[str]:
    """What is to be read of a form of a phrase: all of it where it holds no values, and its pieces in any case."""
    if not _places(form):
        yield aloud(form, language)
    for filled in _filled(language, form):
        yield from (piece.text for piece in pieces(Words(aloud(filled, language), language)))


def _filled(language: Language, form: str) -> Iterator[str]:
    places = _places(form)
    nested = {
        place: [
            filled for one in _NESTED[place] for text in _catalogue(language)[one] for filled in _filled(language, text)
        ]
        for place in places
        if place in _NESTED
    }
    choices = [[*nested.get(place, ()), *_SAMPLES.get(place, ("0",))] for place in places]
    for values in itertools.product(*choices):
        yield form.format_map(dict(zip(places, values, strict=True)))


def _places(form: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(form) if name is not None})


@cache
def _catalogue(language: Language) -> dict[str, list[str]]:
    """The forms of every phrase."""
    path = Path(core.edge.words.__file__).parent / "locale" / language / "LC_MESSAGES" / "borne.po"
    with path.open("rb") as stream:
        messages = [message for message in read_po(stream, locale=language) if message.id]
    forms: dict[str, list[str]] = {}
    for message in messages:
        name, text = message.id, message.string
        forms[name if isinstance(name, str) else name[0]] = [text] if isinstance(text, str) else list(text or ())
    return forms


def _list(folder: Path, clips: list[Words]) -> None:
    """For a person who records them."""
    lines = [f"{clip_path(folder, one).name}\t{'slow' if one.is_slow else ''}\t{one.text}\n" for one in clips]
    path = folder / clips[0].language / "texts.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(sorted(lines, key=lambda line: line.split("\t")[1:])), encoding="utf-8")


def make(folder: Path, words: Words) -> bool:
    """Whether it was made now; it appears under its name only when whole."""
    path = clip_path(folder, words)
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    growing = path.with_suffix(".tmp")
    with wave.open(str(growing), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(synthesized(words))
    growing.rename(path)
    return True


if __name__ == "__main__":
    main()
