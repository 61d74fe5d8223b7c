"""Figures as French writes them."""

from __future__ import annotations

__all__ = ["NARROW", "NOTHING", "number", "percent"]

NARROW = "\u202f"
"""The space before a sign or a unit."""
NOTHING = "–"
"""Where there is no figure."""


def number(value: float, digits: int = 0) -> str:
    """Rounded, without idle zeros; thousands apart."""
    rounded = f"{value:,.{digits}f}"
    short = rounded.rstrip("0").rstrip(".") if digits else rounded
    return short.replace(",", NARROW).replace(".", ",")


def percent(share: float) -> str:
    """A share of 1; one that is small keeps a digit, so that it does not read as never."""
    hundredths = 100 * share
    return f"{number(hundredths, 1 if 0 < hundredths < 9.95 else 0)}{NARROW}%"
