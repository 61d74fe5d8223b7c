"""A card or courtesy that a patient declares moves the place, and shows on no page and in no answer to a program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import events as e
from core.room.state import fold
from tests.agent.site import Day, records
from tests.agent.test_pages import Pages, pages

__all__ = ["pages"]

_DAY = Day()
_FIRST, _MINE = _DAY.issue(), _DAY.issue()
_EARLIER_MS = _MINE.ordered_at_ms - 3_600_000


@pytest.mark.parametrize("claim", [e.Priority.CARD, e.Priority.COURTESY])
@pytest.mark.parametrize(
    "path",
    [
        "/t/{mine}?lang=fr",
        "/t/{first}?lang=en",
        "/api/v1/tickets/{mine}",
        "/c/aubagne?lang=fr",
        "/?lang=fr",
        "/api/v1/sites",
        "/api/v1/sites/aubagne",
    ],
)
def test_no_page_tells_a_claim_from_an_earlier_ticket(pages: Pages, claim: e.Priority, path: str) -> None:
    earlier = replace(_MINE, key_ms=_EARLIER_MS)
    claimed = replace(earlier, priority=claim, is_claimed=True)

    path = path.format(mine=_MINE.token, first=_FIRST.token)
    shown = []
    for mine in (earlier, claimed):
        pages.show(fold(records(*_DAY.opening, _FIRST, mine)))
        shown.append(pages.get(path))

    assert shown[0].status_code == 200
    assert shown[0].content == shown[1].content
