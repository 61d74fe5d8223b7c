"""What is heard of every page, and when."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.edge.words import LANGUAGES, say
from core.room.ids import Number, ServiceId
from core.room.phrases import Phrase
from firmware.drivers.sound import CHIME, VOLUMES, Utterance, Words
from firmware.drivers.sound.speech import pieces
from firmware.kiosk.dialogue import look
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.errands import CallTeam, Present
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.pages import (
    Birth,
    Calling,
    Idle,
    Name,
    Printing,
    Reading,
    Services,
    Start,
    StillThere,
    Taken,
    Typing,
)
from firmware.kiosk.dialogue.patience import elapsed
from firmware.kiosk.dialogue.targets import Erase, Toggle
from firmware.kiosk.dialogue.touch import touched
from firmware.kiosk.guidance.focus import keyed
from firmware.kiosk.guidance.key import Gesture
from firmware.kiosk.guidance.speech import aloud, spoken_of, stops, told
from firmware.kiosk.guidance.voice import Moment, to_say
from firmware.kiosk.sheets.sheet import sheet_of
from scripts.clips import wanted
from tests.firmware.kiosk.pages import OWN_SIGNS, PAGES, READY, SITE, sheet

VOICE = Look(voice=True)
START = Flow(services=tuple(ServiceId(one.id) for one in SITE.offered), has_voice=True, look=VOICE)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def moment(flow: Flow, desk: Desk = READY, *, by_key: bool = False) -> Moment:
    return Moment(flow.page, sheet_of(flow, desk, SITE), by_key)


def texts(said: list[Utterance] | tuple[Utterance, ...] | None) -> list[str]:
    return ["♪" if one == CHIME else one.text for one in said or ()]


def heard(before: Flow, after: Flow, desk: Desk = READY, *, by_key: bool = False) -> list[str] | None:
    said = to_say(moment(before), moment(after, desk, by_key=by_key))
    return None if said is None else texts(said)


@each_language
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_heard_in_words_and_each_choice_too(page: str, language: str) -> None:
    shown = sheet(page, language)
    said = spoken_of(shown, PAGES[page][0].page)

    assert said or shown.cells is not None  # the touch grid has no words
    for words in [*said, *(told(one, language) for one in shown.controls)]:
        assert re.search(r"\w", words.text)
        assert not re.search(r"[_⌫•·…←→]|\d[:/]\d|[A-Z]\d", words.text), words


@each_language
def test_who_cannot_read_hears_that_a_card_goes_first(language: str) -> None:
    said = " ".join(words.text for words in spoken_of(sheet("start", language), START.page))

    assert say(Phrase("kiosk.goes-first"), language) in said


@each_language
def test_without_espeak_all_but_names_is_in_the_clips(language: str) -> None:
    clips = set().union(*(wanted(language, site) for site in (SITE, OWN_SIGNS)))
    missing = set()
    for page, (flow, *_) in PAGES.items():
        shown = sheet(page, language)
        for words in [*spoken_of(shown, flow.page), *(told(one, language) for one in shown.controls)]:
            if words.language == language and words not in clips:
                missing |= {piece.text for piece in pieces(words) if piece not in clips}

    own = "Vallon|Centre|Maison|2026|de noviembre|^min$|^paper"  # names, the date behind one, a technician's code
    assert {text for text in missing if not re.search(own, text)} == set()


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("A042", "fr", "A, 0, 4, 2"),
        ("A0__", "fr", "A, 0"),
        ("Prochaine ouverture : le 23/11 à 09:00.", "fr", "Prochaine ouverture : le 23 novembre à 9 heures."),
        ("Liste relue par Dr Vallon, 12/11/2026", "fr", "Liste relue par Dr Vallon, 12 novembre 2026"),
        ("jusqu’à 21:30", "fr", "jusqu’à 21 heures 30"),
        ("until 09:05", "en", "until 9 05"),
        ("a las 14:30", "es", "a las 14 y 30"),
        ("Médecin de garde : 116\u00a0117.", "fr", "Médecin de garde : 116, 117."),
        ("Auriol, à 4,2 km", "en", "Auriol, à 4,2 kilometres"),
        ("15 · 112 · 114", "fr", "15 , 112 , 114"),
    ],
)
def test_numbers_hours_and_days_are_read_as_people_say_them(text: str, language: str, read: str) -> None:
    assert aloud(text, language) == read


@each_language
def test_the_number_of_the_ticket_is_said_twice_and_slowly(language: str) -> None:
    flow = replace(START, page=Taken(Number("A042")), language=language)
    said = spoken_of(sheet_of(flow, READY, SITE), flow.page)

    assert [one for one in said if one.is_slow] == 2 * [Words("A, 0, 4, 2", language, is_slow=True)]


@pytest.mark.parametrize(
    "page", [Name(ServiceId("consultation"), "ZOE"), Birth(ServiceId("consultation"), "ZOE", "198")]
)
def test_neither_name_nor_year_is_ever_spoken(page: Name | Birth) -> None:
    flow = replace(START, page=page)
    shown = sheet_of(flow, READY, SITE)

    assert not re.search("ZOE|Z, O, E|198|1, 9, 8", " ".join(texts(spoken_of(shown, page))))
    assert not {shown.controls[at] for at in stops(shown, page)} & set(shown.keys)


def test_it_is_silent_until_somebody_wants_to_hear() -> None:
    assert heard(replace(START, look=Look()), replace(START, look=Look(), page=Services())) is None


def test_turned_on_it_reads_the_page_and_its_choices() -> None:
    said = heard(replace(START, look=Look()), START)

    assert said
    assert said[0] == SITE.name
    assert "Prendre un ticket" in said
    assert said.index("23 personnes attendent") < said.index("Prendre un ticket")


def test_turned_on_by_the_key_it_says_first_how_the_key_is_used() -> None:
    said = heard(replace(START, look=Look()), START, by_key=True)

    assert said
    assert said[0].startswith("Appuyez pour entendre chaque choix")


def test_turned_off_it_falls_silent_at_once() -> None:
    assert heard(START, replace(START, look=Look())) == []


def test_a_count_that_moves_interrupts_nobody() -> None:
    assert heard(START, START, replace(READY, waiting=24)) is None


def test_what_becomes_of_the_page_is_said() -> None:
    asked = replace(START, page=Calling(CallTeam(1)))
    known = replace(START, page=Calling(CallTeam(1), "heard"))

    said = heard(asked, known)

    assert said
    assert said[0] == "L’équipe est prévenue"
    closed = heard(START, START, replace(READY, intake="closed"))
    assert closed
    assert closed[0] == "Le centre est fermé"


def test_an_option_says_whether_it_is_on() -> None:
    reading = replace(START, page=Reading(Start()))

    assert heard(reading, replace(reading, look=replace(VOICE, contrast=True))) == ["Contraste fort : oui"]
    assert heard(replace(reading, look=replace(VOICE, contrast=True)), reading) == ["Contraste fort : non"]
    assert heard(reading, replace(reading, look=replace(VOICE, volume=2))) == ["Volume 3 sur 4"]


def test_the_time_out_warns_by_sound_with_the_voice_off_and_in_words_with_it_on() -> None:
    services = replace(START, page=Services())
    warned = replace(START, page=StillThere(Services()))

    assert heard(replace(services, look=Look()), replace(warned, look=Look())) == ["♪"]
    said = heard(services, warned)
    assert said
    assert said[:2] == ["♪", "Êtes-vous toujours là ?"]
    assert "Oui, je continue" in said


def test_each_language_is_offered_in_its_own_voice() -> None:
    said = spoken_of(sheet_of(START, READY, SITE), START.page)

    assert {Words("English", "en"), Words("Español", "es"), Words("العربية", "ar")} <= set(said)


def test_what_is_typed_is_heard_sign_by_sign() -> None:
    said = heard(replace(START, page=Typing("A")), replace(START, page=Typing("A0")))

    assert said
    assert said[0] == "A, 0"
    erase = next(one for one in sheet_of(replace(START, page=Typing("A")), READY, SITE).keys if one.target == Erase())
    assert told(erase, "fr") == Words("Effacer", "fr")


def test_screen_and_loudspeaker_agree_on_the_steps_of_loudness() -> None:
    assert look.VOLUMES == VOLUMES


def press(flow: Flow, gesture: Gesture = Gesture.NEXT) -> Flow:
    return keyed(flow, gesture, sheet_of(flow, READY, SITE), READY, 100.0)[0]


def test_the_first_press_only_turns_the_voice_on() -> None:
    silent = replace(START, look=Look())

    assert press(silent) == replace(START, touched_s=100.0)
    assert press(silent, Gesture.CHOOSE) == replace(START, touched_s=100.0)


def test_presses_go_through_every_choice_and_back_to_the_page() -> None:
    controls = sheet_of(START, READY, SITE).controls
    flow, seen = START, []
    for _ in controls:
        before, flow = flow, press(flow)
        assert flow.focus is not None
        seen.append(controls[flow.focus])
        assert heard(before, flow) == [told(controls[flow.focus], "fr").text]

    assert seen == list(controls)
    assert press(flow).focus is None
    assert heard(flow, press(flow)) == heard(replace(START, look=Look()), START)


def test_a_hold_chooses_what_was_heard_last_and_nothing_else() -> None:
    on_it = press(START)

    chosen, _ = keyed(on_it, Gesture.CHOOSE, sheet_of(on_it, READY, SITE), READY, 100.0)

    assert chosen.page == Services()
    assert chosen.focus is None
    assert press(START, Gesture.CHOOSE).page == Start()


def test_a_choice_by_key_asks_for_a_ticket_as_a_touch_does() -> None:
    flow = press(replace(START, page=Services()))
    shown = sheet_of(flow, READY, SITE)

    by_key = keyed(flow, Gesture.CHOOSE, shown, READY, 100.0)
    by_touch = touched(flow, shown.controls[0].target, READY, 100.0)

    assert isinstance(by_key[0].page, Printing)
    assert by_key[1] == by_touch[1] is not None


def test_an_option_stays_in_focus_while_it_is_turned() -> None:
    flow = replace(START, page=Reading(Start()))
    targets = [one.target for one in sheet_of(flow, READY, SITE).controls]
    flow = replace(flow, focus=targets.index(Toggle("larger")))

    assert press(flow, Gesture.CHOOSE) == replace(flow, look=replace(VOICE, larger=True), touched_s=100.0)


def test_the_key_wakes_a_kiosk_that_nobody_stood_before() -> None:
    woken = press(replace(START, look=Look(), page=Idle()))

    assert (woken.page, woken.look.voice) == (Start(), True)


def test_a_kiosk_without_a_loudspeaker_offers_nothing_to_listen_to() -> None:
    reading = sheet_of(replace(START, page=Reading(Start()), has_voice=False), READY, SITE)

    assert not {Toggle("voice"), Toggle("volume")} & {one.target for one in reading.controls}


def test_with_the_voice_on_a_page_waits_for_the_ear() -> None:
    services = replace(START, page=Services(), appeared_s=0.0)

    assert elapsed(replace(services, look=Look()), READY, 31.0).page == StillThere(Services())
    assert elapsed(services, READY, 31.0).page == Services()
    assert elapsed(services, READY, 91.0).page == StillThere(Services())


def test_the_number_of_a_slip_can_be_typed_by_the_key_alone() -> None:
    flow, now_s, errand = START, 100.0, None
    for choice in ("J’ai un ticket", "A", "0", "4", "2"):
        while flow.focus is None or sheet_of(flow, READY, SITE).controls[flow.focus].text != choice:
            now_s += 1.0
            flow, _ = keyed(flow, Gesture.NEXT, sheet_of(flow, READY, SITE), READY, now_s)
            assert now_s < 200.0, f"{choice} is not offered"
        now_s += 1.0
        flow, errand = keyed(flow, Gesture.CHOOSE, sheet_of(flow, READY, SITE), READY, now_s)

    assert errand == Present(1, "A042", "fr")
