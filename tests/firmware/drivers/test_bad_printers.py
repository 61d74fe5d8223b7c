"""A network printer that behaves badly on cue, and what is known of the slip afterwards."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from firmware.drivers.errors import CutterJammed, PaperOut, PrinterAbsent, PrinterMute
from firmware.drivers.printer import Printer, make_printer, print_job
from firmware.drivers.printer.settings import TcpPrinterSettings
from tests.contracts.printer import slip_job
from tests.firmware.drivers.escpos_machine import NetworkPrinter
from tests.mosquitto import wait_until


@pytest.fixture
def machine() -> Iterator[NetworkPrinter]:
    machine = NetworkPrinter()
    yield machine
    machine.unplug()


def driver(machine: NetworkPrinter, profile: str) -> Printer:
    return make_printer(TcpPrinterSettings(driver="tcp", profile=profile, host="127.0.0.1", port=machine.port))


@pytest.fixture
def printer(machine: NetworkPrinter) -> Iterator[Printer]:
    with closing(driver(machine, "epson-tm-t20iii")) as printer:
        yield printer


PROFILES = pytest.mark.parametrize("profile", ["epson-tm-t20iii", "generic-80", "custom-vkp80"])


@PROFILES
def test_a_mute_printer_is_given_nothing(machine, profile):
    with closing(driver(machine, profile)) as printer:
        machine.is_mute = True
        status = printer.status()
        report = print_job(printer, slip_job(printer, "never"), timeout_s=5)

        assert (status.online, status.paper, status.cover_open, status.cutter_ok) == (None, None, None, None)
        assert (report.outcome, type(report.fault)) == ("failed", PrinterMute)
        machine.is_mute = False
        assert print_job(printer, slip_job(printer, "next"), timeout_s=5).outcome == "printed"
    assert len(machine.slips) == 1


@PROFILES
def test_nothing_is_queued_behind_a_slip_that_is_not_confirmed(machine, profile):
    with closing(driver(machine, profile)) as printer:
        machine.after(3_000, lambda: setattr(machine, "is_mute", True))
        report = print_job(printer, slip_job(printer, "maybe"), timeout_s=8)
        assert (report.outcome, type(report.fault)) == ("unknown", PrinterMute)

        assert print_job(printer, slip_job(printer, "never"), timeout_s=5).outcome == "failed"

        machine.is_mute = False
        assert print_job(printer, slip_job(printer, "next"), timeout_s=5).outcome == "printed"
    assert len(machine.slips) == 2, "the first was printed and not confirmed"


def test_paper_that_ends_in_a_slip_makes_it_unknown_and_a_new_roll_brings_no_stale_slip(machine, printer):
    machine.after(3_000, lambda: setattr(machine, "paper", "out"))

    report = print_job(printer, slip_job(printer, "torn"), timeout_s=8)

    assert report.outcome == "unknown"
    assert isinstance(report.fault, PaperOut)
    assert printer.status().paper == "out"
    machine.paper = "ok"
    assert print_job(printer, slip_job(printer, "next"), timeout_s=5).outcome == "printed"
    assert len(machine.slips) == 1


def test_a_jammed_cutter_is_named_and_nothing_is_sent(machine, printer):
    machine.cutter_ok = False

    report = print_job(printer, slip_job(printer, "never"), timeout_s=1)

    assert report.outcome == "failed"
    assert isinstance(report.fault, CutterJammed)
    machine.cutter_ok = True
    assert machine.slips == []


@pytest.mark.parametrize("profile", ["generic-80", "custom-vkp80"])
def test_of_a_slip_torn_in_a_printer_that_cannot_forget_a_new_roll_brings_two_strips_at_the_most(machine, profile):
    with closing(driver(machine, profile)) as printer:
        whole = slip_job(printer, "torn", rows=1_000)
        machine.after(len(whole) // 4, lambda: setattr(machine, "paper", "out"))

        report = print_job(printer, whole, timeout_s=8)

        assert (report.outcome, type(report.fault)) == ("unknown", PaperOut)
        before = sum(slip.height for slip in machine.slips)
        machine.paper = "ok"
        assert print_job(printer, slip_job(printer, "next"), timeout_s=5).outcome == "printed"
    torn, following = machine.slips
    assert torn.height - before <= 2 * 128 + 128 + 120, "two strips, and what frees the printer of them"
    assert torn.height < 1_000
    assert following.height < 300


def test_a_patient_sees_soon_that_the_paper_ended_in_the_slip(machine, printer):
    machine.after(3_000, lambda: setattr(machine, "paper", "out"))
    began_s = time.monotonic()

    print_job(printer, slip_job(printer, "torn"), timeout_s=8)

    assert time.monotonic() - began_s < 3


@PROFILES
def test_a_printer_that_stops_with_a_slip_in_its_line_prints_none_of_it_when_it_goes_on(machine, profile):
    with closing(driver(machine, profile)) as printer:
        machine.after(3_000, lambda: setattr(machine, "is_stuck", True))
        assert print_job(printer, slip_job(printer, "stale", rows=1_200), timeout_s=8).outcome == "unknown"

        machine.is_stuck = False

        assert print_job(printer, slip_job(printer, "next"), timeout_s=5).outcome == "printed"
        stale = sum(slip.height for slip in machine.slips[:-1])
        assert stale == 0 if printer.profile.clears else stale < 600


@pytest.mark.parametrize("rows", [160, 1_200], ids=["short", "long"])
def test_a_printer_that_loses_its_power_in_a_slip_prints_the_next_and_nothing_of_it(machine, printer, rows):
    machine.after(3_000, machine.reset)

    report = print_job(printer, slip_job(printer, "torn", rows=rows), timeout_s=8)

    assert (report.outcome, type(report.fault)) == ("unknown", PrinterAbsent)
    assert print_job(printer, slip_job(printer, "next"), timeout_s=5).outcome == "printed"
    assert len(machine.slips) == 1


def test_paper_near_its_end_is_told_and_hinders_nothing(machine, printer):
    machine.paper = "low"

    assert printer.status().paper == "low"
    assert print_job(printer, slip_job(printer, "one"), timeout_s=5).outcome == "printed"


def test_unasked_status_is_not_taken_for_an_answer(machine, printer):
    machine.unasked = b"\x14\x00\x00\x0f"

    assert printer.status().paper == "ok"
    assert print_job(printer, slip_job(printer, "one"), timeout_s=5).outcome == "printed"
    machine.paper = "out"
    assert printer.status().paper == "out"


def test_answers_to_questions_put_ahead_are_those_of_the_next_status(machine, printer):
    assert printer.status().paper == "ok"
    machine.paper = "out"
    printer.ask()
    wait_until(lambda: machine.asked == 8, what="the printer has answered")

    machine.paper = "ok"

    assert printer.status().paper == "out"
    assert machine.asked == 8
    assert printer.status().paper == "ok"


def test_a_connection_closed_after_the_questions_were_put_is_opened_anew(machine, printer):
    assert printer.status().paper == "ok"
    machine.is_mute = True
    printer.ask()
    wait_until(lambda: machine.asked == 8, what="the questions have arrived")
    machine.hang_up()
    machine.is_mute = False

    assert printer.status().paper == "ok"


def test_a_printer_that_answers_only_some_of_four_questions_is_asked_one_by_one(machine, printer):
    machine.answers_at_once = 1
    machine.paper = "low"

    assert [printer.status().paper for _ in range(2)] == ["low", "low"]
    assert machine.asked == 12, "four at once, then four and four"


def test_a_connection_that_the_printer_closed_meanwhile_is_opened_anew(machine, printer):
    assert print_job(printer, slip_job(printer, "one"), timeout_s=5).outcome == "printed"
    machine.hang_up()

    assert print_job(printer, slip_job(printer, "two"), timeout_s=5).outcome == "printed"
    assert len(machine.slips) == 2


def test_nothing_at_the_address_is_absent_and_names_it(machine, printer):
    machine.unplug()

    with pytest.raises(PrinterAbsent, match=rf"127\.0\.0\.1:{machine.port} .*check its power and its cable"):
        printer.status()
    assert print_job(printer, slip_job(printer, "never"), timeout_s=1).outcome == "failed"
    machine.plug_in()


def test_a_printer_without_confirmations_is_believed_on_its_state(machine):
    with closing(driver(machine, "generic-80")) as printer:
        assert print_job(printer, slip_job(printer, "one"), timeout_s=5).outcome == "printed"

        machine.after(3_000, lambda: setattr(machine, "paper", "out"))
        report = print_job(printer, slip_job(printer, "torn"), timeout_s=5)

    assert report.outcome == "unknown"
    assert isinstance(report.fault, PaperOut)
