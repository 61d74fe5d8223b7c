"""Who may say and hear what: the access lists of the two brokers, one line per right.

Rule: an allow-list. What no line grants is refused, and a device that the centre's file does not name has no block.
mosquitto grants every subscription and applies `read` to each delivery, so a refusal to read is silence, not an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.edge.site import Device, Role, Site
from core.room.ids import SiteId
from core.wire.topics import AGENT_STATE, PREFIX, SiteTopics

__all__ = ["central_acl", "site_acl"]

_WRITES: Mapping[Role, tuple[str, ...]] = {
    "kiosk": ("state", "evt", "ask", "res", "have", "kept", "name"),
    "room": ("state", "ask", "res", "have", "kept"),
    "display": ("state", "res", "have", "kept"),
    "controller": ("state", "have"),
}
"""What a device may say under its own `dev/{device}/`: only kiosks give tickets and are told names, and a display is
never touched."""

_READS: Mapping[Role, tuple[str, ...]] = {
    "kiosk": ("ack", "answer", "cmd", "want"),
    "room": ("answer", "cmd", "want", "name"),
    "display": ("cmd", "want"),
    "controller": (),
}
"""What a device may hear under its own `dev/{device}/`."""

_CENTRAL = f"""\
# Who may say and hear what on the network's broker. %u is the common name of the certificate: the site.

pattern write {PREFIX}/%u/up/#
pattern read {PREFIX}/%u/down/#

# For everybody with a name. A pattern although it names nobody, and mosquitto warns of that at start: a plain `topic`
# line outside a user's block holds for anonymous clients only.
pattern read {AGENT_STATE}

user agent
topic read {PREFIX}/+/up/#
topic write {PREFIX}/+/down/#
topic write {AGENT_STATE}
"""


def site_acl(site: Site) -> str:
    """The access list of a site's broker: a block per device of the centre's file, by its role."""
    head = f"# Who may say and hear what in {site.id}. Written by `borne provision` from the centre's file.\n"
    return head + "".join("\n" + "\n".join(_block(site, device)) + "\n" for device in site.devices)


def central_acl() -> str:
    """The access list of the central broker: the same for any number of sites."""
    return _CENTRAL


def _block(site: Site, device: Device) -> Iterator[str]:
    topics = SiteTopics(SiteId(site.id))
    yield f"user {device.id}"
    for leaf in _WRITES[device.role]:
        yield f"topic write {topics.dev(device.id, leaf)}"
    for leaf in _READS[device.role]:
        yield f"topic read {topics.dev(device.id, leaf)}"
    if device.role == "controller":
        for leaf in ("state", "evt", "ask", "res", "have", "kept", "name"):
            yield f"topic read {topics.dev('+', leaf)}"
        for leaf in ("ack", "answer", "cmd", "want", "name"):
            yield f"topic write {topics.dev('+', leaf)}"
        yield f"topic write {topics.screen}"
    else:
        yield f"topic read {topics.screen}"
