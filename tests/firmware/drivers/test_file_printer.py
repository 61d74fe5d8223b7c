"""What the fake printer keeps on the disk, cue by cue."""

import threading

import pytest

from firmware.drivers.control import ControlError
from firmware.drivers.errors import PaperOut, PrinterAbsent, PrinterMute, PrinterStalled
from firmware.drivers.printer import make_printer, print_job
from firmware.drivers.printer.settings import FilePrinterSettings


@pytest.fixture
def printer(tmp_path, control):
    return make_printer(FilePrinterSettings(driver="file", folder=tmp_path / "slips"), control)


def kept(tmp_path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((tmp_path / "slips").iterdir())}


def test_each_slip_is_a_file_of_its_bytes_and_numbering_goes_on_after_a_restart(tmp_path, printer):
    assert print_job(printer, b"one", timeout_s=1).outcome == "printed"
    again = make_printer(FilePrinterSettings(driver="file", folder=tmp_path / "slips"))
    assert print_job(again, b"two", timeout_s=1).outcome == "printed"

    assert kept(tmp_path) == {"0001.bin": b"one", "0002.bin": b"two"}


def test_a_stall_keeps_the_part_that_was_taken_and_leaves_the_slip_unknown(tmp_path, printer, client):
    client.call("printer", "stall", after=3)
    report = print_job(printer, b"abcdef", timeout_s=1)

    assert report.outcome == "unknown"
    assert isinstance(report.fault, PrinterStalled)
    assert kept(tmp_path) == {"0001.part": b"abc"}

    client.call("printer", "stall", after=None)
    assert print_job(printer, b"abcdef", timeout_s=1).outcome == "printed"


def test_a_stall_before_the_first_byte_is_a_failure(tmp_path, printer, client):
    client.call("printer", "stall", after=0)

    assert print_job(printer, b"abcdef", timeout_s=1).outcome == "failed"
    assert kept(tmp_path) == {}


def test_paper_that_ends_in_the_slip_leaves_it_unknown_and_refuses_the_next(tmp_path, printer, client):
    client.call("printer", "paper", state="ends")

    torn = print_job(printer, b"abcdef", timeout_s=1)
    refused = print_job(printer, b"ghijkl", timeout_s=1)

    assert (torn.outcome, refused.outcome) == ("unknown", "failed")
    assert isinstance(torn.fault, PaperOut)
    assert kept(tmp_path) == {"0001.part": b"abc"}


def test_a_mute_printer_is_given_nothing(tmp_path, printer, client):
    client.call("printer", "mute", on=True)
    report = print_job(printer, b"abc", timeout_s=1)

    assert report.outcome == "failed"
    assert isinstance(report.fault, PrinterMute)
    assert kept(tmp_path) == {}


def test_a_printer_that_loses_its_power_in_a_slip_is_back_for_the_next(tmp_path, printer, client):
    client.call("printer", "reset", after=2)
    report = print_job(printer, b"abcdef", timeout_s=1)

    assert (report.outcome, type(report.fault)) == ("unknown", PrinterAbsent)
    assert print_job(printer, b"ghijkl", timeout_s=1).outcome == "printed"
    assert kept(tmp_path) == {"0001.part": b"ab", "0002.bin": b"ghijkl"}


@pytest.mark.parametrize(
    ("cue", "values", "remedy"),
    [
        ("cover", {"open": True}, "close it until it clicks"),
        ("cutter", {"ok": False}, "pull the paper out of the blade"),
        ("offline", {"on": True}, "switch it on"),
        ("unplugged", {"on": True}, "check its power and its cable"),
    ],
)
def test_a_hindered_printer_takes_nothing_and_says_what_to_do(tmp_path, printer, client, cue, values, remedy):
    client.call("printer", cue, **values)
    report = print_job(printer, b"abc", timeout_s=1)

    assert report.outcome == "failed"
    assert remedy in str(report.fault)
    assert kept(tmp_path) == {}


def test_a_slow_printer_answers_while_it_prints(printer, client):
    client.call("printer", "slow", seconds=0.3)
    reports = []
    printing = threading.Thread(target=lambda: reports.append(print_job(printer, b"abc", timeout_s=5)))
    printing.start()

    assert client.call("printer", "jobs") == {"jobs": []}
    assert printer.status().online is True
    printing.join(5)
    assert reports[0].outcome == "printed"


def test_a_slip_slower_than_the_limit_is_unknown(printer, client):
    client.call("printer", "slow", seconds=5)

    assert print_job(printer, b"abc", timeout_s=0.05).outcome == "unknown"


@pytest.mark.parametrize("cue", [{"do": "paper", "state": "wet"}, {"do": "mute", "on": "yes"}, {"do": "explode"}])
def test_a_cue_that_is_not_known_is_refused_and_changes_nothing(printer, client, cue, caplog):
    before = printer.status()

    with pytest.raises(ControlError, match="no such cue"):
        client.call("printer", **cue)
    assert printer.status() == before
