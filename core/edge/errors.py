"""What stops a device at its start, and is told to whoever stands in front of it.

Rule: nothing is imported here: the command line knows these before it loads a role.
"""

__all__ = ["ConfigError", "ControlError"]


class ConfigError(Exception):
    """A configuration file that cannot be used; the message is one line per thing to correct."""


class ControlError(Exception):
    """The control socket cannot be used, or the fake refused the request; the message says which."""
