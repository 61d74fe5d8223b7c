"""The catalogues: whole in every language, and the compiled ones made from those that people read."""

from __future__ import annotations

import io
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import core.edge.words
from core.edge.words import LANGUAGES, direction, say
from core.room.phrases import Phrase

_LOCALES = Path(core.edge.words.__file__).parent / "locale"
_each_language = pytest.mark.parametrize("language", LANGUAGES)


def _catalogue(language: str) -> Catalog:
    with (_LOCALES / language / "LC_MESSAGES" / "borne.po").open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _by_id(language: str) -> dict[str, Message]:
    return {_id(message): message for message in _catalogue(language) if message.id}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _values(message: Message) -> dict[str, str]:
    return {name: f"<{name}>" for text in _texts(message) for name in _placeholders(text) if name != "count"}


def test_the_languages_are_those_of_the_centres() -> None:
    assert LANGUAGES == ("fr", "en", "es", "ar")
    assert {folder.name for folder in _LOCALES.iterdir() if folder.is_dir()} == set(LANGUAGES)
    assert [direction(language) for language in LANGUAGES] == ["ltr", "ltr", "ltr", "rtl"]


@_each_language
def test_a_catalogue_is_complete(language: str) -> None:
    phrases = _by_id(language)
    assert set(phrases) == set(_by_id("fr"))
    for name, message in phrases.items():
        assert all(text.strip() for text in _texts(message)), f"{name} has no words"
        assert not message.fuzzy, f"{name} is not sure"


@_each_language
def test_each_phrase_has_the_placeholders_of_the_french_one(language: str) -> None:
    french = _by_id("fr")
    for name, message in _by_id(language).items():
        allowed = set().union(*(_placeholders(text) for text in _texts(french[name])))
        for text in _texts(message):
            # A plural may say "nobody" or "one person" without the figure.
            assert _placeholders(text) - {"count"} == allowed - {"count"}, f"{name}: {text}"
            assert _placeholders(text) <= allowed, f"{name}: {text}"
        assert message.pluralizable == french[name].pluralizable, name


@_each_language
def test_the_compiled_catalogue_is_that_which_people_read(language: str) -> None:
    read = _catalogue(language)
    compiled = read_mo(io.BytesIO((_LOCALES / language / "LC_MESSAGES" / "borne.mo").read_bytes()))
    assert {_id(one): _texts(one) for one in compiled if one.id} == {_id(one): _texts(one) for one in read if one.id}
    assert compiled.plural_expr == read.plural_expr


@_each_language
def test_every_phrase_can_be_said_for_every_count(language: str) -> None:
    for name, message in _by_id(language).items():
        for count in (0, 1, 2, 3, 11, 100) if message.pluralizable else (None,):
            said = say(Phrase(name, _values(message), count), language)
            assert said.strip()
            assert "{" not in said
            if count is not None and count > 2:
                assert str(count) in said, f"{name} for {count}: {said}"


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("fr", 0, "0 personne attend"),
        ("fr", 1, "1 personne attend"),
        ("fr", 2, "2 personnes attendent"),
        ("en", 0, "0 people waiting"),
        ("en", 1, "1 person waiting"),
        ("es", 1, "1 persona espera"),
        ("es", 100, "100 personas esperan"),
    ],
)
def test_a_plural_agrees_with_its_count(language: str, count: int, words: str) -> None:
    assert say(Phrase("board.waiting", count=count), language) == words


def test_arabic_has_a_form_for_none_one_two_few_many_and_hundreds() -> None:
    said = [say(Phrase("board.waiting", count=count), "ar") for count in (0, 1, 2, 3, 11, 100)]
    assert len({text.replace("11", "").replace("100", "").replace("3", "") for text in said}) >= 5


@_each_language
def test_a_phrase_that_no_catalogue_has_is_a_mistake_of_the_program(language: str) -> None:
    with pytest.raises(KeyError, match=rf"{language} has no words for 'of\.nobody'"):
        say(Phrase("of.nobody"), language)
    with pytest.raises(KeyError, match=r"of\.nobody"):
        say(Phrase("of.nobody", count=1), language)


def test_a_value_that_a_phrase_names_and_nobody_gives_is_a_mistake_of_the_program() -> None:
    assert say(Phrase("room.name", {"label": "2"}), "fr") == "Salle 2"
    with pytest.raises(KeyError, match="label"):
        say(Phrase("room.name"), "fr")


def test_the_groups_of_a_number_among_arabic_words_are_held_together() -> None:
    """They would change places: only with a no-break space is `116 117` not drawn 117 116 (Unicode Annex 9, W4)."""
    texts = {name: _texts(message) for name, message in _by_id("ar").items()}

    assert not {name for name, some in texts.items() if any(re.search(r"\d \d", text) for text in some)}
