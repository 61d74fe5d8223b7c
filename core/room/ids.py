"""The names that things of a centre go by. All are opaque to the rules; only numbers are read by people."""

from __future__ import annotations

from typing import NewType

__all__ = [
    "DeviceId",
    "DiskId",
    "Letter",
    "Number",
    "PractitionerId",
    "RoomId",
    "ServiceId",
    "SiteId",
    "TicketId",
    "Token",
]

SiteId = NewType("SiteId", str)
"""A medical centre: `aubagne`."""

DeviceId = NewType("DeviceId", str)
"""A Pi, as its certificate names it: `aubagne-kiosk-1`."""

RoomId = NewType("RoomId", str)
"""A place of care: `room-2`."""

PractitionerId = NewType("PractitionerId", str)
"""A doctor, as the roster names them, or whoever is on duty in a room that no plan names (`duty.unnamed`)."""

ServiceId = NewType("ServiceId", str)
"""What people wait for: `consultation`."""

DiskId = NewType("DiskId", str)
"""A random id made with a kiosk's journal file: a kiosk with a new disk is a new giver of numbers."""

Letter = NewType("Letter", str)
"""`A` to `Z`: the kiosk's disk that gave the number, never the service or the reason."""

Number = NewType("Number", str)
"""What is printed and called: `A042`. Given once in a service day."""

TicketId = NewType("TicketId", str)
"""One person's place, for ever and everywhere."""

Token = NewType("Token", str)
"""96 random bits in base64url, 16 characters: opens the phone page of one ticket and nothing else."""
