"""What every page is made of: its words in one language, and what can be touched.

Rule: plain values, and equal sheets look alike: nothing is drawn again while the sheet is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from core.edge.site import Language
from core.edge.words import say
from core.room.phrases import Phrase
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.targets import Target

__all__ = ["Button", "Mark", "Sheet", "words"]

Mark = Literal[
    "", "doctor", "child", "wound", "result", "other", "ticket", "help", "card", "baby", "globe", "read", "back",
    "contrast", "larger", "low", "voice", "printer", "touch", "clean", "done",
]  # fmt: skip
"""The pictograms, and none."""


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    target: Target
    mark: Mark = ""
    """Stands beside the text, or for it where a panel has no room for words."""
    phrase: str = ""
    """A few words below, where there is room."""
    short: str = ""
    """Stands for text and phrase where they find no room together."""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page, from top to bottom."""

    language: Language
    look: Look = field(default_factory=Look)
    title: str = ""
    eyebrow: str = ""
    """A small line that a small panel leaves out."""
    label: str = ""
    """A small line above the number, which a small panel leaves out."""
    number: str = ""
    """As large as the page allows."""
    code: str = ""
    """The address in a QR code to photograph."""
    wait: str = ""
    """How long it takes; a small panel leaves out other lines instead."""
    body: str = ""
    note: str = ""
    """What a small panel has room for in any case."""
    points: tuple[str, ...] = ()
    """A list, of which a small panel leaves out the last ones unless `has_all_points`."""
    has_all_points: bool = False
    gist: str = ""
    """A line that stands for all points where they find no room."""
    main: Button | None = None
    """The one large button."""
    choices: tuple[Button, ...] = ()
    keys: tuple[Button, ...] = ()
    """Signs to type, in the order of a keypad in every language."""
    part: int = 0
    """Which part of the keys is meant where they do not all find room."""
    more: Button | None = None
    """The way to the next part."""
    ways: tuple[Button, ...] = ()
    """Small ways on."""
    way_out: Button | None = None
    languages: tuple[Button, ...] = ()
    """The other languages, each by its own name."""
    globe: Button | None = None
    """The way to them where there is no room for their names."""
    voice: Button | None = None
    """Has every page read aloud, or falls silent."""
    reading: Button | None = None
    """The way to the reading options."""
    held: Target | None = None
    """What it means to hold the top of the page for long."""
    anywhere: Target | None = None
    """What it means to touch the page wherever it be."""
    cells: frozenset[tuple[int, int]] | None = None
    """Fields all over the screen that were touched; None where there are none."""
    is_dark: bool = False
    """Whether the page is for a room that nobody is in."""
    focus: int | None = None
    """Which of the controls the single key stands on."""

    @property
    def has_news(self) -> bool:
        """Whether there is more to say than the page's name."""
        return bool(self.wait or self.gist)

    @property
    def controls(self) -> tuple[Button, ...]:
        """All that can be touched, the most important first: the order of the single key, and of the voice."""
        last = (self.way_out, *self.languages, self.voice, self.reading)
        some = (self.main, *self.choices, *self.keys, *self.ways, *last)
        return tuple(one for one in some if one is not None)


def words(language: Language, name: str, count: int | None = None, /, **values: str | int | Phrase) -> str:
    """The kiosk's own phrase of this name."""
    return say(Phrase(f"kiosk.{name}", values, count=count), language)
