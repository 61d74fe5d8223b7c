"""The name of a day in a reader's language."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from core.edge.site import Language

__all__ = ["day_name"]


@lru_cache(maxsize=512)
def day_name(day: date, language: Language, form: str = "EEEE d MMMM") -> str:
    """
    Args:
        form: as CLDR has it: `EEE` weekday, `d` day, `MMMM` month, `yyyy` year.
    """
    from babel.dates import format_date  # 0.02 s of a start, and only pages with a plan need it

    return format_date(day, form, locale=language)
