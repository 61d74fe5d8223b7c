"""Messages, journal bodies and states as JSON, there and back.

Rule: whatever comes from a peer or a disk is checked as it is read; a journal body travels as it lies on the disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from core.room.events import Event, Record
from core.room.ordering import KioskTime
from core.room.state import SiteState
from core.wire.messages import AnyEvent, Message, Report

__all__ = [
    "WireError",
    "decode",
    "decode_record",
    "decode_report",
    "decode_state",
    "encode",
    "encode_record",
    "encode_report",
    "encode_state",
    "wrap_log",
    "wrap_reports",
]

MessageT = TypeVar("MessageT", bound=Message)

_RECORD: TypeAdapter[Record[Event]] = TypeAdapter(Record[AnyEvent])
_STATE: TypeAdapter[SiteState] = TypeAdapter(SiteState)
_TOLD: TypeAdapter[KioskTime] = TypeAdapter(KioskTime)
_REPORT: TypeAdapter[Report] = TypeAdapter(Annotated[Report, Field(discriminator="kind")])


class WireError(Exception):
    """A peer's bytes that are not the message they should be."""


def encode(message: Message) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()


def decode(model: type[MessageT], payload: bytes) -> MessageT:
    """Read a payload.

    Raises:
        WireError: too large, not JSON, or a field is missing or out of bounds.
    """
    if len(payload) > model.max_bytes:
        raise WireError(f"{model.__name__} of {len(payload)} bytes, {model.max_bytes} allowed")
    try:
        return model.model_validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WireError(f"{model.__name__} {where}: {first['msg']}") from error


def encode_record(record: Record[Event]) -> bytes:
    return _RECORD.dump_json(record, exclude_none=True)


def decode_record(body: bytes) -> Record[Event]:
    """Read a journal body.

    Raises:
        WireError: it is no record of this release.
    """
    try:
        return _RECORD.validate_json(body)
    except ValidationError as error:
        raise WireError(f"record: {error.errors(include_url=False)[0]['msg']}") from error


def encode_state(state: SiteState) -> bytes:
    return _STATE.dump_json(state, exclude_none=True)


def decode_state(body: bytes) -> SiteState:
    """Read a state back.

    Raises:
        WireError: it is no state of this release.
    """
    try:
        return _STATE.validate_json(body)
    except ValidationError as error:
        raise WireError(f"state: {error.errors(include_url=False)[0]['msg']}") from error


def encode_report(report: Report) -> bytes:
    return _REPORT.dump_json(report)


def decode_report(entry: dict[str, Any]) -> Report:
    """Read one entry of `Reports`.

    Raises:
        WireError: it is no report.
    """
    try:
        return _REPORT.validate_python(entry)
    except ValidationError as error:
        raise WireError(f"report: {error.errors(include_url=False)[0]['msg']}") from error


def wrap_log(epoch: str, first: int, bodies: Sequence[bytes], *, oldest: int = 1) -> bytes:
    """A `LogBatch` of journal bodies as they lie on the disk: a backlog is sent without being read."""
    return b'{"v":1,"epoch":"%s","first":%d,"oldest":%d,"records":[%s]}' % (
        epoch.encode(),
        first,
        oldest,
        b",".join(bodies),
    )


def wrap_reports(
    epoch: str,
    first: int,
    bodies: Sequence[bytes],
    told: KioskTime,
    *,
    oldest: int = 1,
    known: int = 0,
    beat: str | None = None,
) -> bytes:
    """A `Reports` of journal bodies as they lie on the kiosk's disk."""
    stamp = _TOLD.dump_json(told)
    return b'{"v":1,"epoch":"%s","first":%d,"oldest":%d,"known":%d,"told":%s,%s"entries":[%s]}' % (
        epoch.encode(),
        first,
        oldest,
        known,
        stamp,
        b"" if beat is None else b'"beat":%s,' % to_json(beat),
        b",".join(bodies),
    )
