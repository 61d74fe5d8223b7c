"""What the demo's processes may rely on: started in order, started again, none left behind."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from borne.demo.supervisor import Child, NotStarted, Supervisor
from tests.mosquitto import wait_until

_SLEEP = ("sleep", "60")


def child(name: str, folder: Path, *command: str | Path) -> Child:
    return Child(name=name, command=command or _SLEEP, folder=folder)


def is_running(pid: int) -> bool:
    """A zombie that nobody has reaped yet no longer runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def two_sleepers(tmp_path: Path) -> Iterator[Supervisor]:
    children = [child("first", tmp_path), child("second", tmp_path)]
    with Supervisor(children, tmp_path / "logs", restart_s=0.05) as supervisor:
        yield supervisor


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def pid_of(supervisor: Supervisor, name: str) -> int:
    pid = supervisor.pid(name)
    assert pid is not None
    return pid


def test_a_killed_child_is_started_again_and_its_neighbour_left_alone(two_sleepers: Supervisor) -> None:
    first, second = pid_of(two_sleepers, "first"), pid_of(two_sleepers, "second")

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: two_sleepers.restarts["first"] == 1, what="the first is started again")

    assert pid_of(two_sleepers, "first") != first
    assert pid_of(two_sleepers, "second") == second
    assert two_sleepers.restarts == {"first": 1, "second": 0}


def test_stopping_leaves_no_process_behind(tmp_path: Path) -> None:
    with Supervisor([child("a", tmp_path), child("b", tmp_path)], tmp_path / "logs") as supervisor:
        pids = [pid_of(supervisor, "a"), pid_of(supervisor, "b")]

    assert not any(is_running(pid) for pid in pids)


def test_children_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    script = 'trap "echo $0 >> order; exit" TERM; touch $0; while :; do sleep 0.01; done'
    children = [
        Child(
            name=name,
            command=("sh", "-c", script, name),
            folder=tmp_path,
            is_ready=(tmp_path / name).exists,
        )
        for name in ("broker", "controller", "kiosk")
    ]

    with Supervisor(children, tmp_path / "logs"):
        pass

    assert (tmp_path / "order").read_text().split() == ["kiosk", "controller", "broker"]


def test_a_child_that_ignores_the_request_to_end_is_killed_at_the_time_limit(tmp_path: Path) -> None:
    deaf = Child(
        name="deaf",
        command=("sh", "-c", 'trap "" TERM; touch ready; while :; do sleep 0.01; done'),
        folder=tmp_path,
        is_ready=(tmp_path / "ready").exists,
    )
    supervisor = Supervisor([deaf], tmp_path / "logs")
    supervisor.start()
    pid = pid_of(supervisor, "deaf")

    supervisor.stop(timeout_s=0.2)

    assert not is_running(pid)


def test_a_stopped_child_is_ended_too(two_sleepers: Supervisor) -> None:
    pid = pid_of(two_sleepers, "first")
    os.kill(pid, signal.SIGSTOP)

    two_sleepers.stop()

    assert not is_running(pid)


def test_what_a_child_left_running_ends_with_it(tmp_path: Path) -> None:
    parent = child("parent", tmp_path, "sh", "-c", "sleep 60 & echo $! > grandchild; wait")
    with Supervisor([parent], tmp_path / "logs", restart_s=30):
        wait_until(lambda: _text(tmp_path / "grandchild") != "", what="the grandchild runs")
        grandchild = int((tmp_path / "grandchild").read_text())

    wait_until(lambda: not is_running(grandchild), what="the grandchild is gone")


def test_nothing_survives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from borne.demo.supervisor import Child, Supervisor\n"
        "folder = Path(sys.argv[1])\n"
        "with Supervisor([Child(name='a', command=('sleep', '60'), folder=folder)], folder / 'logs') as supervisor:\n"
        "    print(supervisor.pid('a'), flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        process.kill()

    wait_until(lambda: not is_running(pid), what="the child dies with its supervisor")


def test_a_program_that_is_not_there_stops_the_start_with_its_name(tmp_path: Path) -> None:
    children = [child("sleeper", tmp_path), child("ghost", tmp_path / "nowhere")]

    with pytest.raises(NotStarted, match=r"ghost cannot be started: .*nowhere"):
        Supervisor(children, tmp_path / "logs").start()


def test_a_child_that_ends_before_it_is_ready_stops_the_start_and_names_its_log(tmp_path: Path) -> None:
    broken = Child(
        name="broken", command=("sh", "-c", "echo wrong file >&2; exit 2"), folder=tmp_path, is_ready=lambda: False
    )

    with pytest.raises(NotStarted, match=r"broken did not come up; .*broken\.log"):
        Supervisor([broken], tmp_path / "logs").start()
    assert (tmp_path / "logs" / "broken.log").read_text() == "wrong file\n"


def test_a_child_that_dies_at_once_is_started_less_and_less_often(tmp_path: Path) -> None:
    dying = child("dying", tmp_path, "sh", "-c", "date +%s%N >> starts")
    with Supervisor([dying], tmp_path / "logs", restart_s=0.1):
        wait_until(lambda: len(_text(tmp_path / "starts").split()) >= 4, what="three restarts")

    at = [int(line) for line in (tmp_path / "starts").read_text().split()]
    pauses = [after - before for before, after in itertools.pairwise(at)]
    assert pauses[1] > pauses[0] > 0.1e9
