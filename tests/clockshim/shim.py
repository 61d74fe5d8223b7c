"""A wall clock of its own for a real process, moved while it runs.

    clock = ShimmedClock(build_shim(), tmp_path / "kiosk.clock", is_synchronised=False)
    subprocess.Popen(command, env=os.environ | clock.environment)
    clock.jump(-86_400)                             # at once, in every process with this environment
    clock.jump(0, is_synchronised=True)             # a time server answers

Only the wall clock moves: sleeps, time limits and the monotonic clock go on. Time servers exist as far as `adjtimex`
tells of them. Processes of one machine share a clock.
"""

from __future__ import annotations

import struct
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

__all__ = ["ShimmedClock", "build_shim"]


class ShimmedClock:
    """The clock of one machine."""

    def __init__(self, shim: Path, file: Path, *, offset_s: float = 0, is_synchronised: bool = True) -> None:
        """
        Args:
            shim: what `build_shim` has made.
            file: through which the processes see the clock; it is made.
        """
        self._shim = shim
        self._file = file
        file.write_bytes(bytes(16))
        self.jump(offset_s, is_synchronised=is_synchronised)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment."""
        return {"LD_PRELOAD": str(self._shim), "CLOCK_SHIM": str(self._file)}

    def jump(self, offset_s: float, *, is_synchronised: bool | None = None) -> None:
        """Set the clock this far from the true hour, at which 0 sets it again.

        Args:
            is_synchronised: whether a time server has set it from now on; None leaves that as it is.
        """
        with self._file.open("r+b", buffering=0) as stream:
            _, was_synchronised = struct.unpack("=qq", stream.read(16))
            stream.seek(0)
            now = was_synchronised if is_synchronised is None else is_synchronised
            stream.write(struct.pack("=qq", int(offset_s * 1e9), now))


@cache
def build_shim() -> Path:
    """Compile the shim, once a run."""
    built = Path(mkdtemp(prefix="borne-clock-")) / "shim.so"
    source = Path(__file__).with_name("shim.c")
    command = ["cc", "-std=gnu11", "-Wall", "-Werror", "-O2", "-shared", "-fPIC", "-o", built, source, "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    return built
