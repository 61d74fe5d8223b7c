"""Units for systemd: what starts after what, and what happens when a process dies or hangs.

A role's unit expects the device's folder at `/var/lib/borne/{role}` and the program in `/opt/borne/current`; the site's
broker stands at `/var/lib/borne/broker`. The same Pi may carry several of them. What a kiosk that
speaks needs besides is in docs/runbooks/a-kiosk-that-speaks.md.
"""

from __future__ import annotations

from core.edge.site import Role

__all__ = ["agent_unit", "broker_unit", "role_unit"]

_PROGRAM = "/opt/borne/current/bin/borne"
_STATE = "/var/lib/borne"

_GROUPS: dict[Role, str] = {
    "controller": "",
    "kiosk": "SupplementaryGroups=video render input lp gpio audio\n",
    "room": "SupplementaryGroups=video render input gpio\n",
    "display": "SupplementaryGroups=video render input audio\n",
}
"""The device nodes a role opens, by the groups that Raspberry Pi OS gives them to."""

_CONSOLE = """\
# The console belongs to the kiosk: on a free one a login hears every key that is typed before the screen, and
# Ctrl+Alt+F2 leads to the next. SDL takes the keys away from a console that it is given (KDSKBMODE, K_OFF). Once, by
# hand: systemctl mask getty@tty1.service ctrl-alt-del.target
TTYPath=/dev/tty1
StandardInput=tty-force
StandardOutput=journal
StandardError=journal
TTYReset=yes
TTYVHangup=yes
"""


def role_unit(role: Role) -> str:
    """The unit of a device's role."""
    console = _CONSOLE if role == "kiosk" else ""
    return _unit(role, what=f"Borne {role}", file="device.toml", extra=_GROUPS[role] + console)


def agent_unit() -> str:
    """The unit of the network's agent."""
    return _unit("agent", what="Borne agent", file="agent.toml")


def _unit(name: str, *, what: str, file: str, extra: str = "") -> str:
    return f"""\
[Unit]
Description={what}
# After the broker where both stand on one machine; a role alone waits for nobody and connects when it can.
After=borne-broker.service local-fs.target
# Never given up: nobody stands by to start it again.
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={_PROGRAM} {name} --config {_STATE}/{name}/{file}
WorkingDirectory={_STATE}/{name}
User=borne
{extra}Restart=always
RestartSec=1
# Fed by the role's own loop: a frozen screen is restarted although its process lives.
WatchdogSec=20
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths={_STATE}/{name}

[Install]
WantedBy=multi-user.target
"""


def broker_unit() -> str:
    """The unit of a broker, in place of the one that Debian's package brings."""
    return f"""\
[Unit]
Description=Borne broker
After=network.target
# Debian's own unit would open a second broker without certificates.
Conflicts=mosquitto.service
StartLimitIntervalSec=0

[Service]
# mosquitto reports readiness but feeds no watchdog.
Type=notify
ExecStart=/usr/sbin/mosquitto -c mosquitto.conf
# Reads the access list and the certificates anew; connections stay.
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory={_STATE}/broker
User=borne
Restart=always
RestartSec=1
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes

[Install]
WantedBy=multi-user.target
"""
