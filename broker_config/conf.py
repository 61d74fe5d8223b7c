"""mosquitto.conf of the two brokers, for mosquitto 2.0.11 and later.

Rule: every value and its reason stand in the `.conf` files of this package; only what differs between two machines is
filled in here. Paths inside are relative: mosquitto is started in the folder that holds its files.
"""

from __future__ import annotations

from importlib import resources
from string import Template

__all__ = ["render_central", "render_site"]


def render_site(*, port: int, bind: str | None = None, user: str = "borne") -> str:
    """The configuration of a site's broker.

    Args:
        bind: the only address to listen on; all of them without it.
        user: who the broker becomes if root starts it; must be able to read `server.key`.
    """
    return _render("site.conf", port=port, bind=bind, user=user)


def render_central(*, port: int, bind: str | None = None, user: str = "borne") -> str:
    """The configuration of the central broker; the arguments are those of `render_site`."""
    return _render("central.conf", port=port, bind=bind, user=user)


def _render(own: str, *, port: int, bind: str | None, user: str) -> str:
    folder = resources.files(__package__)
    text = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in (own, "common.conf"))
    return Template(text).substitute(listener=f"{port} {bind}" if bind else str(port), user=user)
