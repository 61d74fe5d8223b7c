"""The languages that patients read, and texts of a centre's own in them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

__all__ = ["InLanguages", "Language", "in_language"]

Language = Literal["fr", "en", "es", "ar"]


def _has_french(texts: dict[Language, str]) -> dict[Language, str]:
    if "fr" not in texts:
        raise ValueError('give it in French at least: { fr = "…" }')
    return texts


InLanguages = Annotated[dict[Language, str], AfterValidator(_has_french)]
"""A text by language; French is required and stands in for what is missing."""


def in_language(texts: dict[Language, str], language: Language) -> str:
    return texts.get(language, texts["fr"])
