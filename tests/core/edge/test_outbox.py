"""The outbox over a pipe that loses, repeats, delays and reorders: everything arrives once, and in order."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.edge.journal import Journal
from core.edge.outbox import Outbox, fresh

_SILENCE_S = 3.0


class Pipe:
    """What was sent and has not arrived."""

    def __init__(self) -> None:
        self.is_up = True
        self.runs: list[tuple[int, list[bytes]]] = []

    def send(self, first: int, bodies: Sequence[bytes]) -> bool:
        if self.is_up:
            self.runs.append((first, list(bodies)))
        return self.is_up


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    with Journal(tmp_path / "journal") as opened:
        opened.append([b"%d" % seq for seq in range(1, 11)])
        yield opened


def _outbox(journal: Journal, pipe: Pipe, **limits: int) -> Outbox:
    return Outbox(journal, pipe.send, silence_s=_SILENCE_S, **limits)


def test_whatever_waits_goes_at_once_in_batches(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe, batch=4)

    outbox.pump(0)

    assert [(first, len(bodies)) for first, bodies in pipe.runs] == [(1, 4), (5, 4), (9, 2)]
    assert b"".join(body for _, bodies in pipe.runs for body in bodies) == b"12345678910"
    assert outbox.waiting == 10

    journal.append([b"11"])
    outbox.pump(0.1)
    assert pipe.runs[3:] == [(11, [b"11"])]


def test_no_more_than_the_window_is_sent_ahead_of_the_acknowledgement(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe, batch=2, window=4)
    outbox.pump(0)
    assert [first for first, _ in pipe.runs] == [1, 3]

    outbox.acknowledged(journal.epoch, 2, 0.1)
    outbox.pump(0.1)
    assert [first for first, _ in pipe.runs] == [1, 3, 5]


def test_after_a_silence_all_that_is_unacknowledged_goes_again(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.pump(0)
    outbox.acknowledged(journal.epoch, 4, 2.0)

    outbox.pump(2.0 + _SILENCE_S)
    assert len(pipe.runs) == 1

    outbox.pump(2.1 + _SILENCE_S)
    assert pipe.runs[1:] == [(5, [b"%d" % seq for seq in range(5, 11)])]

    outbox.pump(2.2 + _SILENCE_S)
    assert len(pipe.runs) == 2, "a repetition starts a silence of its own"


def test_a_quiet_outbox_repeats_nothing_when_something_is_appended_at_last(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.pump(0)
    outbox.acknowledged(journal.epoch, 10, 0.1)
    outbox.pump(_SILENCE_S)
    journal.append([b"11"])

    outbox.pump(_SILENCE_S)
    outbox.pump(_SILENCE_S + 0.2)

    assert [first for first, _ in pipe.runs] == [1, 11]


def test_an_acknowledgement_that_comes_after_the_silence_spares_the_repetition(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.pump(0)
    pipe.is_up = False
    outbox.pump(_SILENCE_S + 0.1)
    outbox.acknowledged(journal.epoch, 4, _SILENCE_S + 0.2)
    journal.prune(4)

    pipe.is_up = True
    outbox.pump(_SILENCE_S + 0.3)

    assert pipe.runs[1:] == [(5, [b"%d" % seq for seq in range(5, 11)])]


def test_while_the_link_is_down_nothing_counts_as_sent(journal: Journal) -> None:
    pipe = Pipe()
    pipe.is_up = False
    outbox = _outbox(journal, pipe)
    outbox.pump(0)

    pipe.is_up = True
    outbox.pump(0.1)

    assert [first for first, _ in pipe.runs] == [1]


def test_a_new_connection_gets_all_that_is_unacknowledged_without_a_wait(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.pump(0)
    outbox.acknowledged(journal.epoch, 4, 0.1)

    outbox.link_is_up()
    outbox.pump(0.2)

    assert [first for first, _ in pipe.runs] == [1, 5]


@pytest.mark.parametrize(("epoch", "upto"), [("of-another-disk", 10), (None, 11)], ids=["epoch", "too far"])
def test_an_acknowledgement_that_is_not_ours_changes_nothing(journal: Journal, epoch: str | None, upto: int) -> None:
    outbox = _outbox(journal, Pipe())
    outbox.acknowledged(journal.epoch, 4, 0)
    outbox.acknowledged(epoch or journal.epoch, upto, 1, refused="letter-not-held")
    assert (journal.acked, outbox.refused) == (4, None)


def test_whoever_acknowledges_less_than_before_has_lost_it_and_is_told_again(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.pump(0)
    outbox.acknowledged(journal.epoch, 10, 0.1)

    outbox.acknowledged(journal.epoch, 3, 0.2)
    outbox.pump(0.2)

    assert pipe.runs[1:] == [(4, [b"%d" % seq for seq in range(4, 11)])]
    assert (outbox.waiting, outbox.known) == (7, 10)


def test_what_is_forgotten_cannot_be_told_again_and_is_asked_for_once(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.acknowledged(journal.epoch, 10, 0)
    journal.prune(6)

    for _ in range(3):
        outbox.acknowledged(journal.epoch, 0, 0.1)
        outbox.pump(0.1)

    assert [first for first, _ in pipe.runs] == [7]


def test_how_far_it_was_known_survives_a_restart(journal: Journal) -> None:
    outbox = _outbox(journal, Pipe())
    outbox.acknowledged(journal.epoch, 8, 0)
    outbox.acknowledged(journal.epoch, 0, 0.1)
    journal.append([b"11"])
    journal.close()

    with Journal(journal.path) as again:
        assert (_outbox(again, Pipe()).known, again.acked) == (8, 0)


def test_on_a_new_connection_a_quiet_outbox_asks_whether_all_is_still_there(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.pump(0)
    outbox.acknowledged(journal.epoch, 10, 0.1)

    pipe.is_up = False
    outbox.link_is_up()
    outbox.pump(0.2)
    pipe.is_up = True
    outbox.pump(0.3)
    outbox.pump(_SILENCE_S + 1)

    assert pipe.runs[1:] == [(10, [b"10"])]


@settings(deadline=None, max_examples=50)
@given(
    count=st.integers(1, 30),
    acked=st.integers(0, 30),
    pruned=st.integers(0, 30),
    has=st.integers(0, 30),
    batch=st.integers(1, 7),
)
def test_a_receiver_that_lost_its_store_gets_all_that_is_still_there_in_order_and_once(
    count: int, acked: int, pruned: int, has: int, batch: int
) -> None:
    acked, has = min(acked, count), min(has, acked, count)
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "journal") as journal:
        journal.append([b"%d" % seq for seq in range(1, count + 1)])
        journal.acknowledge(acked)
        journal.prune(pruned)
        pipe, received, upto = Pipe(), list(range(1, has + 1)), has
        outbox = _outbox(journal, pipe, batch=batch)
        for turn in range(10):
            outbox.pump(turn)
            while pipe.runs:
                first, bodies = pipe.runs.pop(0)
                for index in fresh(upto, first, len(bodies), journal.first) or ():
                    upto = first + index
                    received.append(upto)
                outbox.acknowledged(journal.epoch, upto, turn)

        assert received == [*range(1, has + 1), *range(max(has + 1, journal.first), count + 1)]
        assert outbox.waiting == 0


def test_a_message_of_an_earlier_connection_loses_nothing_of_this_epoch(tmp_path: Path) -> None:
    """A prototype acknowledged the highest number seen: a message left over by the epoch before made a kiosk delete
    39,999 undelivered events."""
    pipe = Pipe()
    with Journal(tmp_path / "before") as before, Journal(tmp_path / "journal") as journal:
        before.append([b"old"] * 40_000)
        journal.append([b"new"] * 10)
        outbox = _outbox(journal, pipe)
        outbox.pump(0)

        outbox.acknowledged(before.epoch, 40_000, 0.1)
        outbox.acknowledged(journal.epoch, 40_000, 0.1)
        journal.prune(40_000)

        assert outbox.waiting == 10
        assert len(journal.read(0)) == 10


def test_a_refused_epoch_is_sent_no_further_until_it_is_taken_again(journal: Journal) -> None:
    pipe = Pipe()
    outbox = _outbox(journal, pipe)
    outbox.acknowledged(journal.epoch, 0, 0, refused="number-taken")
    outbox.pump(0)
    assert (outbox.refused, pipe.runs) == ("number-taken", [])

    outbox.acknowledged(journal.epoch, 0, 1)
    outbox.pump(1)
    assert [first for first, _ in pipe.runs] == [1]


@given(upto=st.integers(0, 50), first=st.integers(1, 60), count=st.integers(1, 20), oldest=st.integers(1, 60))
def test_what_is_fresh_is_exactly_what_follows_on(upto: int, first: int, count: int, oldest: int) -> None:
    indexes = fresh(upto, first, count, oldest)
    if first > upto + 1:
        assert indexes == (range(count) if first == oldest else None)
    else:
        assert indexes is not None
        assert [first + index for index in indexes] == [seq for seq in range(first, first + count) if seq > upto]


class Delivery(RuleBasedStateMachine):
    """A sender and a receiver that may both crash, and between them a pipe that keeps no promise."""

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.journal = Journal(Path(self._folder.name) / "journal")
        self.pipe = Pipe()
        self.acks: list[tuple[str, int]] = []
        self.received: list[bytes] = []
        self.now_s = 0.0
        self._start()

    def _start(self) -> None:
        self.outbox = Outbox(self.journal, self.pipe.send, batch=3, window=7, silence_s=_SILENCE_S)

    @rule(count=st.integers(1, 6))
    def append_and_send(self, count: int) -> None:
        self.journal.append([b"%d" % seq for seq in range(self.journal.last + 1, self.journal.last + count + 1)])
        self.outbox.pump(self.now_s)

    @rule(data=st.data(), fate=st.sampled_from(["arrives", "arrives", "arrives", "arrives twice", "is lost"]))
    def something_happens_to_a_message(self, data: st.DataObject, fate: str) -> None:
        if not self.pipe.runs:
            return
        run = self.pipe.runs[data.draw(st.integers(0, len(self.pipe.runs) - 1))]
        if fate != "arrives twice":
            self.pipe.runs.remove(run)
        if fate != "is lost":
            self._receive(*run)

    def _receive(self, first: int, bodies: list[bytes]) -> None:
        self.received += [bodies[index] for index in fresh(len(self.received), first, len(bodies)) or ()]
        self.acks.append((self.journal.epoch, len(self.received)))

    @rule(data=st.data(), fate=st.sampled_from(["arrives", "arrives", "arrives twice", "is lost"]))
    def something_happens_to_an_acknowledgement(self, data: st.DataObject, fate: str) -> None:
        if not self.acks:
            return
        ack = self.acks[data.draw(st.integers(0, len(self.acks) - 1))]
        if fate != "arrives twice":
            self.acks.remove(ack)
        if fate != "is lost":
            self.outbox.acknowledged(*ack, self.now_s)

    @rule(wrong=st.sampled_from(["epoch", "range"]), upto=st.integers(0, 100))
    def a_stray_acknowledgement_arrives(self, wrong: str, upto: int) -> None:
        if wrong == "epoch":
            self.outbox.acknowledged("of-another-disk", upto, self.now_s)
        else:
            self.outbox.acknowledged(self.journal.epoch, self.journal.last + 1 + upto, self.now_s)

    @rule(is_up=st.booleans())
    def the_link_drops_or_comes_back(self, is_up: bool) -> None:
        self.pipe.is_up = is_up
        if is_up:
            self.outbox.link_is_up()
            self.outbox.pump(self.now_s)

    @rule(passes_s=st.sampled_from([0.1, 5.0]))
    def time_passes(self, passes_s: float) -> None:
        self.now_s += passes_s
        self.outbox.pump(self.now_s)

    @rule()
    def the_sender_prunes(self) -> None:
        self.journal.prune(self.journal.acked)

    @rule()
    def the_sender_restarts(self) -> None:
        """What was acknowledged since the last append is forgotten."""
        self.journal.close()
        self.journal = Journal(self.journal.path)
        self._start()

    @invariant()
    def what_has_arrived_is_the_beginning_of_what_was_sent_each_once(self) -> None:
        assert self.received == [b"%d" % seq for seq in range(1, len(self.received) + 1)]

    @invariant()
    def nothing_is_acknowledged_or_forgotten_that_has_not_arrived(self) -> None:
        assert self.journal.first - 1 <= self.journal.acked <= len(self.received) <= self.journal.last

    def teardown(self) -> None:
        """On a pipe that has become honest, everything arrives within a few silences."""
        if not hasattr(self, "journal"):
            return
        self.pipe.is_up = True
        for _ in range(100):
            self.time_passes(_SILENCE_S + 1)
            while self.pipe.runs:
                self._receive(*self.pipe.runs.pop(0))
            while self.acks:
                self.outbox.acknowledged(*self.acks.pop(0), self.now_s)
        assert len(self.received) == self.journal.last == self.journal.acked
        assert self.outbox.waiting == 0
        self.journal.close()
        self._folder.cleanup()


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
