"""Code and catalogues name the same phrases: none is missing, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

import core.edge.words

_ROOT = Path(__file__).parent.parent.parent
_FRENCH = Path(core.edge.words.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "borne.po"


def _catalogue() -> set[str]:
    return set(re.findall(r'^msgid "(.+)"$', _FRENCH.read_text(encoding="utf-8"), flags=re.MULTILINE))


def _strings_in_code() -> set[str]:
    packages = ("agent", "borne", "core", "firmware", "provisioning")
    files = [path for package in packages for path in (_ROOT / package).rglob("*") if path.suffix in {".py", ".html"}]
    texts = (path.read_text(encoding="utf-8") for path in files)
    texts = (re.sub(r'crash_point\("[^"]+"\)', "", text) for text in texts)  # named alike, and never said
    return {found for text in texts for found in re.findall(r"""["']([a-z][a-z-]*(?:\.[a-z0-9-]+)?(?=["'{]))""", text)}


def test_every_phrase_that_code_names_is_in_the_catalogues() -> None:
    groups = {name.split(".")[0] for name in _catalogue()}
    named = {text for text in _strings_in_code() if text.split(".")[0] in groups and "." in text}
    named -= {text for text in named if text.endswith(".html")}
    assert named
    assert {text for text in named if not any(name.startswith(text) for name in _catalogue())} == set()


def test_no_phrase_is_left_over() -> None:
    """The kiosk's sheets name theirs without the group, `f"kiosk.{name}"`, and some by how they begin."""
    strings = _strings_in_code()
    beginnings = tuple(text for text in strings if text.endswith("-"))

    def is_said(name: str) -> bool:
        short = name.split(".")[1]
        return name in strings or short in strings or name.startswith(beginnings) or short.startswith(beginnings)

    assert not {name for name in _catalogue() if not is_said(name)}
