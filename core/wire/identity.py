"""What an id may look like in a topic, a certificate, a file name or an address.

Rule: ids are lower-case and free of `/`, `+`, `#` and `$`, so that none can be read as part of a topic (MQTT 5, 4.7).
"""

from __future__ import annotations

import base64
import secrets
import uuid
from typing import Annotated

from pydantic import StringConstraints

from core.room.ids import TicketId, Token

__all__ = ["ID", "LETTER", "NUMBER", "SLIP", "TOKEN", "Id", "new_id", "new_token"]

ID = StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
"""The shape of a site, device, room, service, ticket, question or epoch, for `Annotated[RoomId, ID]`."""

LETTER = StringConstraints(pattern=r"^[A-Z]$")

NUMBER = StringConstraints(pattern=r"^[A-Z][0-9]{3}$")

TOKEN = StringConstraints(pattern=r"^[A-Za-z0-9_-]{16}$")

SLIP = r"^([A-Z][0-9]{3}|[A-Za-z0-9_-]{16})$"
"""What a slip can be known by: its number or its token."""

Id = Annotated[str, ID]


def new_id() -> TicketId:
    """A random id: 122 random bits as 32 hexadecimal letters (RFC 9562, version 4)."""
    return TicketId(uuid.uuid4().hex)


def new_token() -> Token:
    """96 random bits, so that a phone page cannot be guessed and its address stays within 46 characters."""
    return Token(base64.urlsafe_b64encode(secrets.token_bytes(12)).decode())
