"""docs/glossary.md says each word once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

_PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_word_stands_there_once() -> None:
    terms = [row.split("|")[1] for row in _PAGE.splitlines() if row.startswith("| ")][1:]
    words = Counter(word.strip() for term in terms for word in re.split("[,:]", term))

    assert len(terms) > 50
    assert [word for word, count in words.items() if count > 1] == []
