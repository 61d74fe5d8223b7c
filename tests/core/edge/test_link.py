"""The link against a real broker over mTLS: it comes back, says nothing late, and no callback can kill it."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.edge.config import ConfigError
from core.edge.link import Link, LinkSettings
from provisioning.tree import Tree
from tests.mosquitto import Mosquitto, wait_until

_KIOSK = "aubagne-kiosk-1"
_EVT = f"fq/1/aubagne/dev/{_KIOSK}/evt"
_STATE = f"fq/1/aubagne/dev/{_KIOSK}/state"
_ACK = f"fq/1/aubagne/dev/{_KIOSK}/ack"


def _settings(broker: Mosquitto, folder: Path, **limits: float) -> LinkSettings:
    files = {"ca": Path("ca.crt"), "certificate": Path("device.crt"), "key": Path("device.key")}
    return LinkSettings(host="127.0.0.1", port=broker.port, retry_limit_s=0.1, **files, **limits).beside(folder)


class End:
    """A link, and what it has told."""

    def __init__(
        self, settings: LinkSettings, name: str, filters: Sequence[str], *, also: Callable[[bytes], None] | None = None
    ) -> None:
        self.heard: list[bytes] = []
        self.ups = 0
        self.downs = 0
        self._also = also
        self.link = Link(
            settings,
            client_id=name,
            filters=filters,
            on_message=self._on_message,
            on_up=self._on_up,
            on_down=self._on_down,
            will=(_STATE, b"lost") if name == _KIOSK else None,
        )

    def _on_message(self, topic: str, payload: bytes) -> None:
        self.heard.append(payload)
        if self._also:
            self._also(payload)

    def _on_up(self) -> None:
        self.ups += 1

    def _on_down(self) -> None:
        self.downs += 1

    def until_up(self) -> None:
        wait_until(lambda: self.link.is_up, what="the link is up")

    def until_heard(self, payload: bytes) -> None:
        wait_until(lambda: payload in self.heard, what=f"{payload!r} is heard, beside {self.heard}")


@contextmanager
def _running(end: End) -> Iterator[End]:
    end.link.start()
    try:
        end.until_up()
        yield end
    finally:
        end.link.stop()


@pytest.fixture
def controller(site_broker: Mosquitto, provisioned: Tree) -> Iterator[End]:
    folder = provisioned.device("aubagne", "aubagne-controller")
    filters = ["fq/1/aubagne/dev/+/evt", "fq/1/aubagne/dev/+/state"]
    with _running(End(_settings(site_broker, folder), "aubagne-controller", filters)) as end:
        yield end


@pytest.fixture
def kiosk_settings(site_broker: Mosquitto, provisioned: Tree) -> LinkSettings:
    return _settings(site_broker, provisioned.device("aubagne", _KIOSK))


@pytest.fixture
def kiosk(kiosk_settings: LinkSettings) -> Iterator[End]:
    with _running(End(kiosk_settings, _KIOSK, [_ACK])) as end:
        yield end


def _kiosk_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == f"link[{_KIOSK}]"]


def test_messages_go_both_ways(controller: End, kiosk: End) -> None:
    assert kiosk.link.publish(_EVT, b"ticket")
    controller.until_heard(b"ticket")
    assert controller.link.publish(_ACK, b"taken")
    kiosk.until_heard(b"taken")


def test_after_the_broker_was_killed_the_link_is_back_with_its_subscriptions(
    site_broker: Mosquitto, controller: End, kiosk: End
) -> None:
    for turn in (1, 2):
        site_broker.kill()
        wait_until(lambda: not kiosk.link.is_up and not controller.link.is_up, what="both links notice")
        site_broker.start()
        kiosk.until_up()
        controller.until_up()
        assert controller.link.publish(_ACK, b"taken %d" % turn)
        kiosk.until_heard(b"taken %d" % turn)
    assert (kiosk.ups, kiosk.downs, kiosk.link.faults) == (3, 2, 0)


def test_nothing_published_while_down_is_sent_later(site_broker: Mosquitto, controller: End, kiosk: End) -> None:
    site_broker.kill()
    kiosk.link.publish(_EVT, b"into a dead connection")
    wait_until(lambda: not kiosk.link.is_up, what="the link notices")
    assert not kiosk.link.publish(_EVT, b"while down")
    assert not kiosk.link.publish(_STATE, b"state while down", retain=True)

    site_broker.start()
    controller.until_up()
    kiosk.until_up()
    assert kiosk.link.publish(_EVT, b"after")

    controller.until_heard(b"after")
    assert controller.heard == [b"after"]


def test_a_link_that_was_never_started_publishes_nothing(kiosk_settings: LinkSettings) -> None:
    end = End(kiosk_settings, _KIOSK, [_ACK])
    end.link.watch()
    assert not end.link.publish(_EVT, b"ticket")
    end.link.stop()


def test_a_state_stays_with_the_broker_and_an_event_does_not(
    site_broker: Mosquitto, provisioned: Tree, kiosk: End
) -> None:
    kiosk.link.publish(_EVT, b"ticket")
    kiosk.link.publish(_STATE, b"ready", retain=True)
    folder = provisioned.device("aubagne", "aubagne-controller")
    late = End(_settings(site_broker, folder), "aubagne-controller", ["fq/1/aubagne/dev/+/+"])
    with _running(late):
        late.until_heard(b"ready")
        assert late.heard == [b"ready"]


def test_an_exception_in_a_callback_is_counted_and_kills_nothing(controller: End, kiosk_settings: LinkSettings) -> None:
    def fail(payload: bytes) -> None:
        if payload == b"poison":
            raise RuntimeError("a role has a mistake")

    with _running(End(kiosk_settings, _KIOSK, [_ACK], also=fail)) as kiosk:
        for payload in (b"poison", b"poison", b"medicine"):
            controller.link.publish(_ACK, payload)
        kiosk.until_heard(b"medicine")
        assert kiosk.heard == [b"poison", b"poison", b"medicine"]
        assert (kiosk.link.faults, kiosk.downs) == (2, 0)


# pytest reports a thread that ends by SystemExit, which is what is played here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_has_died_is_replaced(controller: End, kiosk_settings: LinkSettings) -> None:
    def die(payload: bytes) -> None:
        if payload == b"die":
            raise SystemExit

    with _running(End(kiosk_settings, _KIOSK, [_ACK], also=die)) as kiosk:
        controller.link.publish(_ACK, b"die")
        wait_until(lambda: not _kiosk_threads(), what="the thread has died")

        kiosk.link.watch()
        kiosk.until_up()

        controller.link.publish(_ACK, b"alive again")
        kiosk.until_heard(b"alive again")
        assert kiosk.link.publish(_EVT, b"ticket")
        controller.until_heard(b"ticket")
        assert (kiosk.link.faults, kiosk.ups, kiosk.downs) == (1, 2, 1)


def test_a_thread_that_hangs_is_replaced_and_does_no_harm_when_it_wakes_up(
    controller: End, kiosk_settings: LinkSettings
) -> None:
    awake = threading.Event()

    def hang(payload: bytes) -> None:
        if payload == b"hang":
            awake.wait(30)

    settings = kiosk_settings.model_copy(update={"hang_limit_s": 1.5})
    with _running(End(settings, _KIOSK, [_ACK], also=hang)) as kiosk:
        controller.link.publish(_ACK, b"hang")
        kiosk.until_heard(b"hang")
        wait_until(lambda: kiosk.link.watch() or kiosk.link.faults > 0, what="the watch has seen it")
        kiosk.until_up()

        awake.set()
        wait_until(lambda: len(_kiosk_threads()) == 1, what="the old thread has ended")

        assert kiosk.link.is_up
        controller.link.publish(_ACK, b"heard once")
        controller.link.publish(_ACK, b"last")
        kiosk.until_heard(b"last")
        assert kiosk.heard == [b"hang", b"heard once", b"last"]
        assert (kiosk.link.faults, kiosk.ups, kiosk.downs) == (1, 2, 1)


def test_a_thread_that_lives_is_left_alone(kiosk: End) -> None:
    for _ in range(5):
        kiosk.link.watch()
    assert (kiosk.link.faults, kiosk.ups, len(_kiosk_threads())) == (0, 1, 1)


_LIVES_UNTIL_KILLED = """
import sys, threading
from pathlib import Path
from core.edge.link import Link, LinkSettings
port, folder, state = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
settings = LinkSettings(
    host="127.0.0.1", port=port, ca=folder / "ca.crt", certificate=folder / "device.crt", key=folder / "device.key"
)
up = threading.Event()
link = Link(
    settings,
    client_id="aubagne-kiosk-1",
    filters=["fq/1/aubagne/screen"],
    on_message=lambda topic, payload: None,
    on_up=up.set,
    on_down=up.clear,
    will=(state, b"lost"),
)
link.start()
up.wait(10)
link.publish(state, b"ready", retain=True)
threading.Event().wait(60)
"""


def test_when_the_process_is_killed_the_broker_publishes_its_will(
    site_broker: Mosquitto, provisioned: Tree, controller: End
) -> None:
    folder = provisioned.device("aubagne", _KIOSK)
    command = [sys.executable, "-c", _LIVES_UNTIL_KILLED, str(site_broker.port), str(folder), _STATE]
    with subprocess.Popen(command) as process:
        controller.until_heard(b"ready")
        process.send_signal(signal.SIGKILL)
    controller.until_heard(b"lost")


def test_who_says_goodbye_leaves_no_will(controller: End, kiosk: End) -> None:
    kiosk.link.publish(_STATE, b"ready", retain=True)
    controller.until_heard(b"ready")

    kiosk.link.stop()

    assert not _kiosk_threads()
    assert (kiosk.link.is_up, kiosk.downs) == (False, 1)
    assert not kiosk.link.publish(_EVT, b"after the end")
    controller.link.stop()
    assert controller.heard == [b"ready"]


@pytest.mark.parametrize("after_s", [0, 0.001, 0.005, 0.02])
def test_a_link_stopped_while_it_connects_does_stop(
    controller: End, kiosk_settings: LinkSettings, after_s: float
) -> None:
    kiosk = End(kiosk_settings, _KIOSK, [_ACK])
    kiosk.link.start()
    threading.Event().wait(after_s)

    kiosk.link.stop()

    assert not _kiosk_threads()
    assert not kiosk.link.is_up


def test_messages_from_several_threads_arrive_whole_and_each_threads_in_order(controller: End, kiosk: End) -> None:
    def publish(author: int) -> None:
        chance = random.Random(author)
        for place in range(500):
            body = b"%d %d " % (author, place) + chance.randbytes(chance.randrange(3000))
            assert kiosk.link.publish(_EVT, hashlib.sha256(body).digest() + body)

    authors = [threading.Thread(target=publish, args=(author,)) for author in range(4)]
    for author in authors:
        author.start()
    for author in authors:
        author.join(30)

    wait_until(lambda: len(controller.heard) >= 2000, what="all 2,000 have arrived")
    bodies = [message[32:] for message in controller.heard]
    assert [hashlib.sha256(body).digest() for body in bodies] == [message[:32] for message in controller.heard]
    for author in range(4):
        places = [int(body.split(b" ", 2)[1]) for body in bodies if body.startswith(b"%d " % author)]
        assert places == list(range(500))
    assert (kiosk.ups, kiosk.downs) == (1, 0)


@pytest.mark.parametrize("lost", ["ca.crt", "device.crt", "device.key"])
def test_a_missing_certificate_is_said_in_one_sentence(
    provisioned: Tree, kiosk_settings: LinkSettings, lost: str
) -> None:
    (provisioned.device("aubagne", _KIOSK) / lost).unlink()
    with pytest.raises(ConfigError, match=rf"{lost}.*: provision the device again"):
        End(kiosk_settings, _KIOSK, [_ACK])


def test_a_broker_that_refuses_us_is_tried_again_and_never_up(
    site_broker: Mosquitto, provisioned: Tree, caplog: pytest.LogCaptureFixture
) -> None:
    """The centre's broker knows nothing of the network's authority."""
    folder = provisioned.device("aubagne", "aubagne-controller")
    foreign = _settings(site_broker, folder).model_copy(
        update={"certificate": folder / "uplink.crt", "key": folder / "uplink.key"}
    )
    end = End(foreign, "aubagne-controller", ["fq/1/aubagne/dev/+/evt"])
    with caplog.at_level("INFO"):
        end.link.start()
        wait_until(lambda: len(caplog.records) >= 2, what="it has tried twice")
        end.link.stop()
    assert "the connection ended" in caplog.text or "no connection to the broker" in caplog.text
    assert (end.ups, end.downs) == (0, 0)
