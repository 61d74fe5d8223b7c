"""Whether what a centre calls its services, and what its doctor has signed, is legible on this panel.

Rule: it warns, and refuses nobody's day: a text that is too long is drawn smaller, all of it. One page is measured at
a time, and only while nobody is there: each takes up to 40 ms on a desk computer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.edge.site import Site
from core.edge.words import LANGUAGES
from core.wire.messages import Alert
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.pages import Services, Signs
from firmware.kiosk.drawing.plan import plan
from firmware.kiosk.drawing.sizes import Sizes
from firmware.kiosk.sheets.parts import Sheet
from firmware.kiosk.sheets.sheet import sheet_of

__all__ = ["Proof"]


class Proof:
    """Of one centre's words on one panel, begun when nobody is there for the first time."""

    def __init__(self, flow: Flow, site: Site, sizes: Sizes) -> None:
        self._sizes = sizes
        self._sheets = _sheets(flow, site)
        self._found: list[str] = []

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What has been found so far, in the words of who can mend it."""
        if not self._found:
            return ()
        detail = f"shorten it in the centre's file, it is too small to read: {'; '.join(self._found)}"
        return (Alert(code="text-too-small", detail=detail),)

    def go_on(self) -> None:
        """Measure one more page, if any is left."""
        sheet = next(self._sheets, None)
        text = sheet and _too_small(sheet, self._sizes)
        if text and text not in self._found:
            self._found.append(text)


def _sheets(flow: Flow, site: Site) -> Iterator[Sheet]:
    for language in LANGUAGES:
        for page in (Services(), Signs()):
            yield sheet_of(replace(flow, language=language, page=page), Desk(state="ready"), site)


def _too_small(sheet: Sheet, sizes: Sizes) -> str | None:
    """The longest of a centre's words on a page where some text is smaller than legible."""
    arranged = plan(sheet, sizes)
    written = [paragraph for box in arranged.boxes for paragraph in box.label.paragraphs]
    written += [text.paragraph for text in arranged.texts]
    if all(one.size_px >= sizes.least for one in written):
        return None
    return max((*(one.text for one in sheet.choices), *sheet.points), key=len)
