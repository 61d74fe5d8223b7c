"""What becomes of slips, who may have one again, and how the roll is counted: the file printer and a real journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.edge.journal import Journal
from core.room.events import PrintOutcome
from core.room.ids import Number, TicketId
from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.printer import FilePrinterSettings, make_printer
from firmware.kiosk.desk.slip import Slip
from firmware.kiosk.desk.slips import Given, Slips
from firmware.kiosk.dialogue.pages import NotPrinted, Taken


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "tickets.db") as journal:
        yield journal


@pytest.fixture
def cues(socket_path: Path) -> Iterator[ControlSocket]:
    control = ControlSocket(socket_path)
    yield control
    control.close()


@pytest.fixture
def client(cues: ControlSocket) -> ControlClient:
    return ControlClient(cues.path)


@pytest.fixture
def slips(tmp_path: Path, journal: Journal, cues: ControlSocket) -> Slips:
    return Slips(make_printer(FilePrinterSettings(driver="file", folder=tmp_path / "slips", roll_m=10), cues), journal)


def slip(number: str) -> Slip:
    return Slip(
        site_name="Centre d’Aubagne",
        number=number,
        service="Consultation",
        time_text=None,
        ahead=None,
        url=f"https://file.example/t/AbCdEfGhIjKl{number}",
        advice="Gardez ce ticket.",
    )


def give(slips: Slips, number: str) -> Given:
    return slips.give(TicketId(f"ticket-{number.lower()}"), slips.draw(slip(number)))


def printed(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((tmp_path / "slips").glob("*.bin"))]


def not_printed(number: str, *, is_sure: bool) -> NotPrinted:
    return NotPrinted(Number(number), slip(number).url, is_sure)


def is_mended(slips: Slips) -> None:
    """The look at a faulty printer that is due every 2 s."""
    slips.health.look(float("inf"))


def test_a_slip_that_did_not_come_out_is_printed_on_asking_once_the_printer_is_well(
    tmp_path: Path, slips: Slips, client: ControlClient
) -> None:
    client.call("printer", "paper", state="out")
    assert give(slips, "A042") == Given(TicketId("ticket-a042"), PrintOutcome.FAILED, not_printed("A042", is_sure=True))
    assert not slips.can_give_again

    client.call("printer", "paper", state="ok")
    is_mended(slips)

    assert slips.can_give_again
    assert printed(tmp_path) == [], "nothing comes by itself"
    again = slips.give_again(Number("A042"))
    assert again == Given(TicketId("ticket-a042"), PrintOutcome.REPRINTED, Taken(Number("A042")))
    assert printed(tmp_path) == [slips.draw(slip("A042")).job]


def test_it_comes_out_again_only_once(tmp_path: Path, slips: Slips, client: ControlClient) -> None:
    client.call("printer", "paper", state="out")
    give(slips, "A042")
    client.call("printer", "paper", state="ok")
    is_mended(slips)
    slips.give_again(Number("A042"))

    assert not slips.can_give_again
    assert slips.give_again(Number("A042")) is None
    assert len(printed(tmp_path)) == 1


@pytest.mark.parametrize("is_printed", [True, False], ids=["printed", "not printed"])
def test_the_next_ticket_forgets_the_slip_before(
    tmp_path: Path, slips: Slips, client: ControlClient, *, is_printed: bool
) -> None:
    client.call("printer", "paper", state="out")
    give(slips, "A042")
    client.call("printer", "paper", state="ok" if is_printed else "out")
    give(slips, "A043")
    client.call("printer", "paper", state="ok")
    is_mended(slips)

    assert slips.give_again(Number("A042")) is None
    assert len(printed(tmp_path)) == is_printed


def test_a_slip_that_was_printed_is_owed_to_nobody(slips: Slips) -> None:
    assert give(slips, "A042").page == Taken(Number("A042"))

    assert not slips.can_give_again
    assert slips.give_again(Number("A042")) is None


def test_a_printer_that_fails_once_more_leaves_the_number_on_the_screen(slips: Slips, client: ControlClient) -> None:
    client.call("printer", "cover", open=True)
    give(slips, "A042")
    client.call("printer", "cover", open=False)
    is_mended(slips)
    client.call("printer", "paper", state="out")

    again = slips.give_again(Number("A042"))

    assert again == Given(TicketId("ticket-a042"), PrintOutcome.FAILED, not_printed("A042", is_sure=True))
    client.call("printer", "paper", state="ends")
    is_mended(slips)
    torn = slips.give_again(Number("A042"))
    assert torn == Given(TicketId("ticket-a042"), PrintOutcome.UNKNOWN, not_printed("A042", is_sure=False))


def test_what_may_have_come_out_is_never_surely_not_printed(slips: Slips, client: ControlClient) -> None:
    client.call("printer", "stall", after=100)
    give(slips, "A042")
    client.call("printer", "stall", after=None)
    is_mended(slips)
    client.call("printer", "paper", state="out")

    again = slips.give_again(Number("A042"))

    assert again is not None
    assert (again.outcome, again.page) == (PrintOutcome.UNKNOWN, not_printed("A042", is_sure=False))


def test_a_technicians_slip_is_no_ticket_and_leaves_what_is_owed(slips: Slips, client: ControlClient) -> None:
    client.call("printer", "paper", state="out")
    give(slips, "A042")
    assert "put in a new roll" in str(slips.try_printer(slip("TEST")).fault)

    client.call("printer", "paper", state="ok")

    assert slips.try_printer(slip("TEST")).outcome == "printed"
    assert slips.can_give_again


def change_the_roll(slips: Slips, client: ControlClient) -> None:
    for state in ("out", "ok"):
        client.call("printer", "paper", state=state)
        is_mended(slips)


def test_the_roll_is_counted_from_the_change_and_few_slips_are_an_alert(slips: Slips, client: ControlClient) -> None:
    give(slips, "A001")
    assert slips.health.slips_left is None, "nobody knows how much there was"

    change_the_roll(slips, client)
    give(slips, "A002")
    assert slips.health.slips_left == 90, "10 m at 10 to 11 cm a slip"
    assert slips.health.alerts == []
    for count in range(3, 52):
        give(slips, f"A{count:03}")

    assert slips.health.slips_left == 40
    (alert,) = slips.health.alerts
    assert alert.code == "paper-low"
    assert "about 40 slips left on the roll" in alert.detail
    assert "put in a new roll" in alert.detail


def test_what_is_left_of_the_roll_survives_a_restart_with_the_next_entry(
    tmp_path: Path, slips: Slips, journal: Journal, client: ControlClient
) -> None:
    change_the_roll(slips, client)
    give(slips, "A001")
    journal.append([b"what became of the slip"])

    with Journal(tmp_path / "tickets.db") as later:
        recalled = Slips(make_printer(FilePrinterSettings(driver="file", folder=tmp_path / "slips", roll_m=10)), later)

        assert recalled.health.slips_left == slips.health.slips_left is not None


def test_a_roll_that_ended_before_a_restart_is_a_new_one_after_it(
    tmp_path: Path, slips: Slips, journal: Journal, client: ControlClient
) -> None:
    client.call("printer", "paper", state="ends")
    give(slips, "A001")
    assert slips.health.slips_left == 0
    journal.append([b"what became of the slip"])

    with Journal(tmp_path / "tickets.db") as later:
        recalled = Slips(make_printer(FilePrinterSettings(driver="file", folder=tmp_path / "slips", roll_m=10)), later)
        recalled.health.look(0.0)
        give(recalled, "A002")

        assert recalled.health.slips_left == 90


def test_the_sensor_near_the_end_is_an_alert_although_nobody_has_counted(slips: Slips, client: ControlClient) -> None:
    client.call("printer", "paper", state="low")

    slips.health.look(0.0)

    (alert,) = slips.health.alerts
    assert (alert.code, slips.health.slips_left) == ("paper-low", None)
    assert alert.detail.startswith("the roll is near its end")


@pytest.mark.parametrize(
    ("cue", "values", "code", "act"),
    [
        ("paper", {"state": "out"}, "paper-out", "put in a new roll"),
        ("cover", {"open": True}, "cover-open", "close it until it clicks"),
        ("cutter", {"ok": False}, "cutter-jammed", "pull the paper out of the blade"),
        ("offline", {"on": True}, "printer-offline", "switch it on"),
        ("unplugged", {"on": True}, "printer-absent", "check its power and its cable"),
        ("mute", {"on": True}, "printer-mute", "print a test slip"),
        ("stall", {"after": 100}, "printer-stalled", "tear off what hangs out"),
    ],
)
def test_each_fault_tells_a_technician_what_to_do(
    slips: Slips, client: ControlClient, cue: str, values: dict[str, object], code: str, act: str
) -> None:
    client.call("printer", cue, **values)

    give(slips, "A042")

    (alert,) = slips.health.alerts
    assert alert.code == code
    assert act in alert.detail
