"""What every process of the controller's begins with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.mosquitto import wait_until
from tests.processes import is_alive, nice_of

CHILD = """
import os, time
from firmware.controller.child import begin
said = begin()
print("a library's chatter", flush=True)
said.write(b"%d\\n" % os.getpid())
said.flush()
time.sleep(60)
"""
PARENT = f"""
import subprocess, sys, threading
threading.Thread(target=subprocess.run, args=([sys.executable, "-c", {CHILD!r}],)).start()
"""


@pytest.mark.parametrize("is_stopped", [False, True], ids=["running", "stopped"])
def test_it_says_only_what_it_means_to_gives_way_and_ends_with_its_parent(
    is_stopped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout
        limit = threading.Timer(20, parent.kill)
        limit.start()
        child = int(parent.stdout.readline())
        assert nice_of(child) == min(19, nice_of(parent.pid) + 10)
        if is_stopped:
            os.kill(child, signal.SIGSTOP)

        parent.kill()

        wait_until(lambda: not is_alive(child), what="it has ended too")
        limit.cancel()
