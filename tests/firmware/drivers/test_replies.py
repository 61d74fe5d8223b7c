"""The bytes of a printer told apart, whatever else arrives with them."""

from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.printer.replies import Reply, replies, status_of

ASB = st.tuples(st.sampled_from([0x10, 0x14, 0x18, 0x1C, 0x30, 0x34]), st.binary(min_size=3, max_size=3)).map(
    lambda parts: bytes([parts[0]]) + parts[1]
)
BLOCK = st.binary(max_size=6).map(lambda data: b"\x37" + data.replace(b"\x00", b"") + b"\x00")


@given(st.lists(ASB | BLOCK), st.sampled_from([0x12, 0x16, 0x1A, 0x32, 0x72, 0x7E]), st.lists(ASB | BLOCK))
def test_a_real_time_answer_is_found_among_unasked_status(before, answer, after):
    received = b"".join(before) + bytes([answer]) + b"".join(after)

    assert [reply for reply in replies(received) if reply.kind != "cleared"] == [Reply("realtime", answer)]


@given(st.binary())
def test_any_bytes_can_be_read(received):
    assert all(reply.value & 0x80 == 0 for reply in replies(received))


def test_what_was_not_answered_stays_unknown():
    status = status_of(0x12, None, None, 0x1E)

    assert (status.online, status.cover_open, status.cutter_ok, status.paper) == (True, None, None, "low")


def test_a_silent_printer_has_no_known_fault():
    assert status_of(None, None, None, None).fault is None
