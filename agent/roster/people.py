"""What practitioners go by: an id for machines, a name that patients may read. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from agent.roster.plan import PlanError, Problem
from core.room.ids import PractitionerId
from core.room.phrases import Phrase
from core.wire.identity import Id

__all__ = ["id_for", "practitioner_id", "practitioner_name"]

_ID: TypeAdapter[str] = TypeAdapter(Id)
_NAME = re.compile(r"[^\W\d_][^\x00-\x1f\x7f]{0,59}")
"""Begins with a letter: a spreadsheet computes what begins with `=`, `+`, `-` or `@`."""


def practitioner_id(text: str) -> PractitionerId:
    """
    Raises:
        PlanError: it is no id.
    """
    try:
        return PractitionerId(_ID.validate_python(text))
    except ValidationError as error:
        raise PlanError(Problem(None, Phrase("roster.no-id", {"value": text}))) from error


def practitioner_name(text: str) -> str:
    """
    Raises:
        PlanError: it is no name.
    """
    name = " ".join(text.split())
    if not _NAME.fullmatch(name):
        raise PlanError(Problem(None, Phrase("roster.no-name", {"value": text})))
    return name


def id_for(name: str, known: Mapping[PractitionerId, str]) -> PractitionerId:
    """The id of a practitioner who is called so: the one that has the name already, else one made of it.

    Raises:
        PlanError: no id can be made of it.
    """
    for who, other in known.items():
        if other.casefold() == name.casefold():
            return who
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return practitioner_id(re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32].rstrip("-"))
