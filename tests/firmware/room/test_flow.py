"""A touch becomes a page or an act, and every act comes back as a notice."""

from __future__ import annotations

import pytest

from core.edge.words import LANGUAGES, say
from core.room.commands import CallNext, Complete, Press, StayUntil
from core.room.phrases import Phrase
from core.wire.messages import Answer, Doubt
from firmware.room import flow as f
from tests.firmware.room.given import ROOM

QUESTION = "0123456789abcdef0123456789abcdef"
CALL = CallNext(room=ROOM)


def done(number: str | None = None) -> Answer:
    return Answer(id=QUESTION, outcome="done", number=number)


def rejected(code: str) -> Answer:
    return Answer(id=QUESTION, outcome="rejected", code=code)


def test_an_act_is_asked_for_once_until_it_has_its_outcome() -> None:
    flow, act = f.touched(f.Flow(), f.Do(CALL), 10.0)
    assert act == CALL
    assert flow.notice is not None
    assert flow.notice.outcome == "asking"

    flow, again = f.touched(flow, f.Do(CALL), 11.0)
    assert again is None

    flow = f.settled(flow, CALL, done("A042"), 11.1)
    _, act = f.touched(flow, f.Do(Complete(room=ROOM)), 12.0)
    assert act == Complete(room=ROOM)


def test_while_an_act_is_asked_for_one_can_look_around() -> None:
    flow, _ = f.touched(f.Flow(), f.Do(CALL), 10.0)
    flow, _ = f.touched(flow, f.Go(f.Queue()), 10.5)

    assert flow.page == f.Queue()


def test_an_act_leads_home_but_for_those_that_one_repeats() -> None:
    flow = f.Flow(page=f.OnDuty())
    stay = StayUntil(room=ROOM, until_ms=1)

    assert f.touched(flow, f.Do(stay), 10.0)[0].page == f.Home()
    assert f.touched(flow, f.Do(stay, stays=True), 10.0)[0].page == f.OnDuty()


def test_the_second_tap_of_a_double_tap_is_not_for_the_page_that_has_just_come() -> None:
    flow, _ = f.touched(f.Flow(), f.Go(f.Here()), 10.0)

    assert f.touched(flow, f.Do(CALL), 10.1) == (flow, None)


def test_a_page_that_nobody_touches_gives_way_to_the_patient() -> None:
    flow, _ = f.touched(f.Flow(), f.Go(f.Queue()), 10.0)

    assert f.elapsed(flow, 39.0).page == f.Queue()
    assert f.elapsed(flow, 40.1).page == f.Home()


def test_an_outcome_stands_there_for_a_while_and_a_question_until_it_is_answered() -> None:
    asking, _ = f.touched(f.Flow(), f.Do(CALL), 10.0)
    assert f.elapsed(asking, 30.0).notice == asking.notice

    told = f.settled(asking, CALL, done("A042"), 30.0)
    assert f.elapsed(told, 35.0).notice == told.notice
    assert f.elapsed(told, 36.1).notice is None


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        (done("A042"), "done", "A042 est appelé"),
        (done(), "done", "C’est fait"),
        (rejected("nobody-waits"), "refused", "Personne n’attend"),
        (rejected("never-heard-of"), "refused", "Refusé, rien n’a changé"),
        (Answer(id=QUESTION, outcome="expired"), "refused", "Trop tard, rien n’a été fait. Recommencez."),
        (None, "refused", "Pas de réponse. Regardez ce qui a changé."),
    ],
)
def test_every_outcome_is_said_in_words(answer: Answer | None, outcome: str, says: str) -> None:
    notice = f.settled(f.Flow(), Press(room=ROOM), answer, 1.0).notice

    assert notice is not None
    assert notice.outcome == outcome
    assert say(notice.says, "fr") == says


def test_every_refusal_has_words_in_every_language() -> None:
    for language in LANGUAGES:
        for code in (*f.REFUSALS, "other", "answer", "expired"):
            assert say(Phrase(f"unit.no-{code}"), language)


def test_a_question_that_was_seen_is_not_asked_again_but_the_next_one_is() -> None:
    doubt = Doubt(kind="missing", room=ROOM, since_ms=1)
    flow, act = f.touched(f.Flow(page=f.Unclear(doubt)), f.Dismiss(f.doubt_key(doubt)), 10.0)

    assert act is None
    assert flow.page == f.Home()
    assert f.doubt_key(doubt) in flow.dismissed
    assert f.doubt_key(doubt.model_copy(update={"since_ms": 2})) not in flow.dismissed
