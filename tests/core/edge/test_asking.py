"""Questions are done at most once, never late, and their outcome is always known."""

from __future__ import annotations

from core.edge.asking import Answers, Beats, Questions
from core.room.commands import Press
from core.room.ids import DeviceId
from core.wire.messages import Answer, Ask
from tests.core.room.given import ROOM_2

_PRESS = Press(room=ROOM_2)
_ROOM_UNIT = DeviceId("aubagne-room-2")
_OTHER_UNIT = DeviceId("aubagne-room-3")


def test_the_age_of_a_question_is_that_of_the_beat_it_names() -> None:
    beats = Beats(boot=7)
    first, second = beats.next(100.0), beats.next(102.0)
    assert beats.age_s(first, 102.5) == 2.5
    assert beats.age_s(second, 102.5) == 0.5


def test_a_beat_of_an_earlier_start_or_of_nobody_has_no_age() -> None:
    earlier = Beats(boot=6).next(100.0)
    now = Beats(boot=7)
    now.next(100.0)
    assert now.age_s(earlier, 100.0) is None
    assert now.age_s("", 100.0) is None


def test_beats_older_than_any_question_are_forgotten() -> None:
    beats = Beats(boot=1)
    given = [beats.next(float(second)) for second in range(201)]
    assert beats.age_s(given[0], 201.0) is None
    assert beats.age_s(given[1], 201.0) == 200.0


def test_the_same_question_again_gets_the_same_answer() -> None:
    answers = Answers()
    assert answers.to(_ROOM_UNIT, "question") is None
    answers.keep(_ROOM_UNIT, Answer(id="question", outcome="done", number="A042"))
    assert answers.to(_ROOM_UNIT, "question") == Answer(id="question", outcome="done", number="A042")


def test_a_question_of_another_device_with_the_same_id_is_another_question() -> None:
    answers = Answers()
    answers.keep(_ROOM_UNIT, Answer(id="question", outcome="done"))
    assert answers.to(DeviceId("aubagne-room-1"), "question") is None


def test_a_flood_of_questions_fills_no_memory() -> None:
    answers = Answers()
    answers.keep(_OTHER_UNIT, Answer(id="question-0", outcome="done"))
    for place in range(201):
        answers.keep(_ROOM_UNIT, Answer(id=f"question-{place}", outcome="done"))
    assert answers.to(_OTHER_UNIT, "question-0") is not None, "one who floods makes us forget nobody else's"
    assert answers.to(_ROOM_UNIT, "question-0") is None
    assert answers.to(_ROOM_UNIT, "question-1") is not None


class _Asker:
    def __init__(self, *, is_up: bool = True) -> None:
        self.sent: list[Ask] = []
        self.is_up = is_up
        self.questions = Questions(self._send)

    def _send(self, ask: Ask) -> bool:
        self.sent.append(ask)
        return self.is_up


def test_a_question_is_sent_once_with_its_beat_and_lifetime() -> None:
    asker = _Asker()
    question = asker.questions.ask(_PRESS, beat="7.100", ttl_s=3, now_s=100)
    assert [(ask.id, ask.beat, ask.ttl_s, ask.act) for ask in asker.sent] == [(question, "7.100", 3, _PRESS)]


def test_every_question_has_an_id_of_its_own() -> None:
    asker = _Asker()
    assert len({asker.questions.ask(_PRESS, beat="7.100", ttl_s=3, now_s=100) for _ in range(50)}) == 50


def test_without_a_link_the_outcome_is_known_at_once() -> None:
    asker = _Asker(is_up=False)
    assert asker.questions.ask(_PRESS, beat="7.100", ttl_s=3, now_s=100) is None
    assert asker.questions.expired(1000) == []


def test_an_answer_settles_its_question_once() -> None:
    asker = _Asker()
    answer = Answer(id=str(asker.questions.ask(_PRESS, beat="7.100", ttl_s=3, now_s=100)), outcome="done")
    assert asker.questions.answered(answer) == asker.sent[0]
    assert asker.questions.answered(answer) is None
    assert asker.questions.expired(1000) == []


def test_a_question_without_an_answer_expires_once_and_a_late_answer_changes_nothing() -> None:
    asker = _Asker()
    question = str(asker.questions.ask(_PRESS, beat="7.100", ttl_s=3, now_s=100))
    assert asker.questions.expired(102.9) == []
    assert asker.questions.expired(103) == asker.sent
    assert asker.questions.expired(103) == []
    assert asker.questions.answered(Answer(id=question, outcome="done")) is None
