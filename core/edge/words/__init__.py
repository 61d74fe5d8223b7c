"""Phrases put into words: one gettext domain for kiosk, slip, board, pages and voice, in four languages.

Rule: no text is in code. French is the source; a catalogue that lacks a phrase does not pass the tests.
"""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files
from typing import get_args

from core.edge.site import Language
from core.room.phrases import Phrase

__all__ = ["LANGUAGES", "RIGHT_TO_LEFT", "direction", "say"]

LANGUAGES: tuple[Language, ...] = get_args(Language)

RIGHT_TO_LEFT: frozenset[Language] = frozenset({"ar"})


def say(phrase: Phrase, language: Language) -> str:
    """The phrase in a language.

    Raises:
        KeyError: the catalogue has no such phrase, or the phrase lacks a value that it names.
    """
    catalogue = _catalogue(language)
    if phrase.count is None:
        text = catalogue.gettext(phrase.id)
    else:
        text = catalogue.ngettext(phrase.id, phrase.id, phrase.count)
    if text == phrase.id:
        raise KeyError(f"{language} has no words for {phrase.id!r}")
    values = {name: say(one, language) if isinstance(one, Phrase) else one for name, one in phrase.values.items()}
    return text.format_map({"count": phrase.count, **values})


def direction(language: Language) -> str:
    """`rtl` or `ltr`, as HTML's `dir` wants it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@cache
def _catalogue(language: Language) -> gettext.GNUTranslations:
    compiled = files(__name__).joinpath("locale", language, "LC_MESSAGES", "borne.mo")
    with compiled.open("rb") as stream:
        return gettext.GNUTranslations(stream)
