"""What a button's contacts say together: pressed, at rest, or that a wire is broken.

A changeover button has two contacts on one plunger: the normally open one closes when it goes down, the normally closed
one opens. It is pressed when both have moved and at rest when both are back, which is the textbook debounce; on its way
both are open for a few milliseconds. Both open, or both closed, for longer is no position of the plunger.

Rule: pure. What is not believed is not pressed: after a broken wire only a button at rest is believed again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["ODD_S", "Contacts", "is_broken", "moved"]

ODD_S = 1.0
"""A finger takes milliseconds from one contact to the other; a plunger held half way is let go or pressed home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Two contacts of one button, debounced."""

    no_is_closed: bool = False
    """The normally open one."""
    nc_is_closed: bool = True
    """The normally closed one."""
    is_pressed: bool = False
    odd_since_s: float | None = None
    """Monotonic seconds; None while the two agree."""
    is_latched: bool = False
    """Whether they have disagreed for too long, and no rest has been seen since."""


def moved(contacts: Contacts, at_s: float, *, no: bool | None = None, nc: bool | None = None) -> Contacts:
    """The contacts after one of them has moved.

    Args:
        at_s: monotonic seconds.
        no: whether the normally open contact is now closed; None when it has not moved.
        nc: the same of the normally closed one.
    """
    is_latched = is_broken(contacts, at_s)
    contacts = replace(
        contacts,
        no_is_closed=contacts.no_is_closed if no is None else no,
        nc_is_closed=contacts.nc_is_closed if nc is None else nc,
    )
    match contacts.no_is_closed, contacts.nc_is_closed:
        case False, True:
            return replace(contacts, is_pressed=False, odd_since_s=None, is_latched=False)
        case True, False:
            return replace(contacts, is_pressed=not is_latched, odd_since_s=None, is_latched=is_latched)
        case _:
            since_s = at_s if contacts.odd_since_s is None else contacts.odd_since_s
            return replace(contacts, odd_since_s=since_s, is_latched=is_latched)


def is_broken(contacts: Contacts, now_s: float) -> bool:
    """Whether the contacts have disagreed for longer than a finger can make them."""
    is_odd = contacts.odd_since_s is not None and now_s - contacts.odd_since_s > ODD_S
    return contacts.is_latched or is_odd
