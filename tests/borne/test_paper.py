"""The paper's side of the printer, command by command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borne.demo.paper import CutShort, UnknownCommand, UnreadableJob, print_out


def raster(columns: int, rows: int, dots: bytes, mode: int = 0) -> bytes:
    return b"\x1dv0" + bytes([mode]) + (columns // 8).to_bytes(2, "little") + rows.to_bytes(2, "little") + dots


def test_a_set_bit_is_a_burnt_dot_from_the_left():
    (slip,) = print_out(raster(8, 2, b"\x80\x01"), width_dots=8)

    assert [slip.getpixel((x, 0)) for x in range(8)] == [0, 1, 1, 1, 1, 1, 1, 1]
    assert [slip.getpixel((x, 1)) for x in range(8)] == [1, 1, 1, 1, 1, 1, 1, 0]


def test_a_raster_wider_than_the_paper_loses_its_right_side():
    (slip,) = print_out(raster(16, 1, b"\x00\xff"), width_dots=8)

    assert slip.size == (8, 1)
    assert slip.getpixel((7, 0)) == 1


def test_double_size_rasters_are_four_times_as_large():
    (slip,) = print_out(raster(8, 1, b"\x80", mode=3), width_dots=16)

    assert slip.size == (16, 2)
    assert [slip.getpixel((x, 1)) for x in (0, 1, 2)] == [0, 0, 1]


def test_each_cut_lets_a_slip_fall_and_the_rest_hangs_out():
    job = raster(8, 3, b"\x00" * 3)

    slips = print_out(job + b"\x1dV\x00" + job + b"\x1bJ\x05\x1bi" + job, width_dots=8)

    assert [slip.height for slip in slips] == [3, 8, 3]


def test_a_cut_with_feed_moves_the_paper_first():
    (slip,) = print_out(raster(8, 3, b"\x00" * 3) + b"\x1dV\x42\x0a", width_dots=8)

    assert slip.height == 13


def test_a_cut_of_nothing_lets_nothing_fall():
    assert print_out(b"\x1b@\x1dV\x42\x00\x1dV\x00") == []


def test_questions_and_presenting_print_nothing():
    assert print_out(b"\x1b@\x10\x04\x01\x1dr\x01\x1de\x05\x1de\x03\x0c\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08") == []


@pytest.mark.parametrize(
    ("job", "offset", "byte"),
    [(b"A042", 0, 0x41), (b"\x1b@\x1bt\x10", 2, 0x1B), (b"\x1dV\x07", 2, 0x07), (b"\x1dv0\x09", 3, 0x09)],
    ids=["text", "code page", "unknown cut", "unknown raster mode"],
)
def test_a_byte_that_was_not_taught_is_refused_with_its_place(job, offset, byte):
    with pytest.raises(UnknownCommand) as refused:
        print_out(job)

    assert (refused.value.offset, refused.value.byte) == (offset, byte)


@pytest.mark.parametrize("job", [b"\x1b", b"\x1dV", b"\x1dv0\x00\x48", raster(8, 3, b"\x00" * 2), b"\x10\x04"])
def test_a_job_cut_short_is_refused(job):
    with pytest.raises(CutShort):
        print_out(b"\x1b@" + job)


@given(st.binary(max_size=400))
def test_no_bytes_can_break_the_interpreter(job):
    try:
        print_out(job, width_dots=64)
    except UnreadableJob:
        return
