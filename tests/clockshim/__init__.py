"""A wall clock of its own for a real process, moved while it runs: see `tests.clockshim.shim`."""
