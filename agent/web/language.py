"""Which language a reader gets: the address, else the ticket, else the browser, else French. No cookie."""

from __future__ import annotations

from collections.abc import Iterator

from core.edge.site import Language
from core.edge.words import LANGUAGES

__all__ = ["choose_language"]

_DEFAULT: Language = "fr"
_READ = 10
"""Entries of Accept-Language looked at; browsers send up to six."""


def choose_language(asked: str | None, ticket: str | None, accepted: str | None) -> Language:
    """
    Args:
        asked: `lang` in the address.
        ticket: the language that the patient touched at the kiosk.
        accepted: the header Accept-Language.
    """
    for wanted in (asked, ticket, *_by_preference(accepted or "")):
        for language in LANGUAGES:
            if wanted == language:
                return language
    return _DEFAULT


def _by_preference(header: str) -> Iterator[str]:
    """Primary subtags, the most wanted first (RFC 9110, 12.5.4); what cannot be read counts as not wanted."""
    wanted = []
    for entry in header.split(",")[:_READ]:
        tag, _, quality = entry.partition(";q=")
        try:
            wanted.append((-float(quality or 1), tag.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    yield from (tag for minus_quality, tag in sorted(wanted, key=lambda one: one[0]) if minus_quality < 0)
