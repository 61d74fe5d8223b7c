"""The centre's access list, every line of it: what is granted succeeds, everything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from broker_config.acl import site_acl
from core.edge.site import Role, Site
from provisioning.tree import Tree
from tests.broker.client import NOT_AUTHORIZED, Client, context
from tests.mosquitto import Mosquitto, wait_until

Connect = Callable[..., Client]

_DEV = "fq/1/aubagne/dev"
_SCREEN = "fq/1/aubagne/screen"
_LEAVES = ("state", "evt", "ack", "ask", "answer", "cmd", "res", "want", "have", "kept", "name")

_DEVICES: dict[Role, str] = {
    "controller": "aubagne-controller",
    "kiosk": "aubagne-kiosk-1",
    "room": "aubagne-room-1",
    "display": "aubagne-display",
}
_ALL = (*_DEVICES.values(), "aubagne-kiosk-2", "aubagne-room-2")

# Design, section 2, read once more: who says and who hears each leaf of its own device.
_SAYS: dict[Role, str] = {
    "kiosk": "state evt ask res have kept name",
    "room": "state ask res have kept",
    "display": "state res have kept",
}
_HEARS: dict[Role, str] = {
    "kiosk": "ack answer cmd want",
    "room": "answer cmd want name",
    "display": "cmd want",
}
_CONTROLLER_SAYS = "ack answer cmd want name"
_CONTROLLER_HEARS = "state evt ask res have kept name"


def _says(role: Role) -> set[str]:
    if role != "controller":
        return {f"{_DEV}/{_DEVICES[role]}/{leaf}" for leaf in _SAYS[role].split()}
    own = {f"{_DEV}/aubagne-controller/{leaf}" for leaf in ("state", "have")}
    return own | {_SCREEN} | {f"{_DEV}/{device}/{leaf}" for device in _ALL for leaf in _CONTROLLER_SAYS.split()}


def _hears(role: Role) -> set[str]:
    if role == "controller":
        return {f"{_DEV}/{device}/{leaf}" for device in _ALL for leaf in _CONTROLLER_HEARS.split()}
    return {_SCREEN} | {f"{_DEV}/{_DEVICES[role]}/{leaf}" for leaf in _HEARS[role].split()}


_EVERY_TOPIC = (
    *(f"{_DEV}/{device}/{leaf}" for device in _ALL for leaf in _LEAVES),
    _SCREEN,
    f"{_DEV}/aubagne-kiosk-1",
    f"{_DEV}/aubagne-kiosk-1/state/more",
    f"{_DEV}/aubagne-stranger/other",
    "fq/1/aubagne/up/log",
    "fq/1/aubagne/down/cmd",
    "fq/1/agent/state",
    "fq/1/trets/screen",
    "fq/1/trets/dev/aubagne-kiosk-1/state",
    "fq/2/aubagne/screen",
    "elsewhere",
)


@pytest.fixture
def connect(site_broker: Mosquitto, provisioned: Tree) -> Iterator[Connect]:
    with ExitStack() as stack:

        def one(device: str, *, will: str = "") -> Client:
            tls = context(provisioned.device("aubagne", device))
            return stack.enter_context(Client(site_broker.port, tls, will=will))

        yield one


@pytest.mark.parametrize("role", _DEVICES)
def test_a_device_may_say_what_its_role_says_and_nothing_else(connect: Connect, role: Role) -> None:
    client = connect(_DEVICES[role])

    granted = {topic for topic in _EVERY_TOPIC if client.may_publish(topic)}

    assert granted == _says(role)


@pytest.mark.parametrize("role", _DEVICES)
def test_a_device_hears_what_its_role_hears_and_nothing_else(
    connect: Connect, site_broker: Mosquitto, provisioned: Tree, role: Role
) -> None:
    _let_speak_freely(site_broker, provisioned, speaker="aubagne-kiosk-2")
    speaker, listener = connect("aubagne-kiosk-2"), connect(_DEVICES[role])
    listener.subscribe("#")
    fence = max(_hears(role))

    for topic in _EVERY_TOPIC:
        assert speaker.may_publish(topic)
    speaker.publish(fence, b"the end")

    heard = [*listener.topics_until(fence), fence, *listener.topics_until(fence)]
    assert sorted(heard) == sorted(_hears(role))


def _let_speak_freely(broker: Mosquitto, provisioned: Tree, *, speaker: str) -> None:
    """Let one device say everything, so that only the listener's rights decide; the other blocks stay as they are."""
    acl = provisioned.broker("aubagne") / "acl"
    acl.write_text(acl.read_text().replace(f"user {speaker}\n", f"user {speaker}\ntopic write #\n"))
    broker.restart()


def test_a_will_on_the_topic_of_another_device_is_not_published(connect: Connect) -> None:
    controller = connect("aubagne-controller")
    controller.subscribe(f"{_DEV}/+/state")

    connect("aubagne-room-1", will=f"{_DEV}/aubagne-kiosk-1/state").leave_with_will()
    connect("aubagne-room-2", will=f"{_DEV}/aubagne-room-2/state").leave_with_will()

    assert controller.next_message() == (f"{_DEV}/aubagne-room-2/state", b"will")


def test_a_device_taken_off_the_list_is_shut_out_of_its_open_connection(
    connect: Connect, site_broker: Mosquitto, provisioned: Tree, site_plan: Site
) -> None:
    controller, kiosk = connect("aubagne-controller"), connect("aubagne-kiosk-1")
    kiosk.subscribe(f"{_DEV}/aubagne-kiosk-1/cmd")
    state = f"{_DEV}/aubagne-kiosk-1/state"
    assert kiosk.may_publish(state)
    everybody = site_acl(site_plan)
    others = [device for device in site_plan.devices if device.id != "aubagne-kiosk-1"]
    acl = provisioned.broker("aubagne") / "acl"

    acl.write_text(site_acl(site_plan.model_copy(update={"devices": others})))
    site_broker.reload()
    wait_until(lambda: kiosk.publish(state) == NOT_AUTHORIZED, what="the kiosk is shut out")
    controller.publish(f"{_DEV}/aubagne-kiosk-1/cmd", b"not heard")
    acl.write_text(everybody)
    site_broker.reload()
    wait_until(lambda: kiosk.publish(state) != NOT_AUTHORIZED, what="the kiosk is let in again")
    controller.publish(f"{_DEV}/aubagne-kiosk-1/cmd", b"heard")

    assert kiosk.next_message() == (f"{_DEV}/aubagne-kiosk-1/cmd", b"heard")
