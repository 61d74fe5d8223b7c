"""Which journal counts, what is shown, and how old that is."""

from __future__ import annotations

from agent.picture import Picture
from agent.stream import Stream
from agent.view import SiteView
from core.room.ids import SiteId
from core.room.state import SiteState, fingerprint, fold
from core.wire.messages import LinkState, Snap
from tests.agent.site import EVENING_MS, Day, records

_SITE = SiteId("aubagne")
_MINUTE_MS = 60_000


def _picture() -> Picture:
    return Picture(site=_SITE)


def _link(picture: Picture, epoch: str, *, online: bool = True, boot: int = 1, minute: int = 0) -> None:
    link = LinkState(boot=boot, epoch=epoch, online=online)
    picture.linked(link, now_ms=EVENING_MS + minute * _MINUTE_MS, now_s=minute * 60.0)


def _stream(epoch: str, upto: int, state: SiteState | None) -> Stream:
    return Stream(site=_SITE, epoch=epoch, upto=upto, state=state)


def _snap(epoch: str, seq: int, state: SiteState) -> Snap:
    return Snap(epoch=epoch, seq=seq, fingerprint=fingerprint(state), at_ms=EVENING_MS, state=state)


def _day(tickets: int) -> SiteState:
    day = Day()
    return fold(records(*day.opening, *(day.issue() for _ in range(tickets))))


def _view(picture: Picture, stream: Stream | None = None) -> SiteView:
    view = picture.look(stream)
    assert view is not None
    return view


def test_nothing_is_shown_of_a_site_that_has_told_nothing() -> None:
    picture = _picture()
    _link(picture, "a")

    assert picture.look(None) is None


def test_the_later_of_fold_and_snapshot_is_shown() -> None:
    picture, old, new = _picture(), _day(1), _day(2)
    _link(picture, "a")

    picture.snapped(_snap("a", 4, new))
    assert _view(picture, _stream("a", 3, old)).state == new

    assert _view(picture, _stream("a", 5, _day(3))).waiting == 3


def test_an_older_state_is_never_shown_after_a_newer_one() -> None:
    picture, new = _picture(), _day(2)
    _link(picture, "a")
    picture.snapped(_snap("a", 4, new))
    assert _view(picture).seq == 4

    picture.snapped(_snap("a", 2, _day(0)))

    assert _view(picture, _stream("a", 3, _day(1))).state == new


def test_a_new_journal_is_shown_from_its_first_state_on() -> None:
    picture = _picture()
    _link(picture, "a")
    assert _view(picture, _stream("a", 50, _day(5))).waiting == 5

    _link(picture, "b")
    assert _view(picture, _stream("b", 0, None)).waiting == 5, "only its name has arrived"

    assert _view(picture, _stream("b", 1, _day(0))).waiting == 0


def test_a_retained_snapshot_of_a_replaced_card_is_not_shown() -> None:
    picture = _picture()
    _link(picture, "b")

    picture.snapped(_snap("a", 900, _day(5)))

    assert picture.look(None) is None


def test_a_late_will_changes_nothing() -> None:
    picture = _picture()
    _link(picture, "b", boot=3)

    _link(picture, "b", boot=2, online=False)
    _link(picture, "a", boot=9, online=False)

    assert picture.is_online


def test_a_replaced_card_is_no_alert_and_one_that_comes_back_is() -> None:
    picture = _picture()
    _link(picture, "a")
    _link(picture, "b")
    assert picture.alerts == {}

    _link(picture, "a")
    assert set(picture.alerts) == {"second-controller"}

    picture.heard(now_ms=EVENING_MS, now_s=601.0)
    assert picture.alerts == {}, "quiet for ten minutes"


def test_entries_of_a_second_journal_are_an_alert_while_the_first_is_there() -> None:
    picture = _picture()
    _link(picture, "a")

    picture.logged("b", now_s=0.0)

    assert set(picture.alerts) == {"second-controller"}
    assert picture.epoch == "a"


def test_entries_may_arrive_before_the_birth_of_their_journal() -> None:
    picture = _picture()
    _link(picture, "a")
    _link(picture, "a", online=False)

    picture.logged("b", now_s=0.0)
    _link(picture, "b")

    assert picture.alerts == {}
    assert picture.epoch == "b"


def test_a_quiet_site_whose_link_is_up_is_known_as_it_is_now() -> None:
    picture = _picture()
    _link(picture, "a")
    view = _view(picture, _stream("a", 3, _day(1)))

    later_ms = EVENING_MS + 90 * _MINUTE_MS
    assert view.is_fresh(90 * 60.0)
    assert view.as_of(later_ms) == later_ms


def test_a_site_that_is_gone_is_as_old_as_its_will() -> None:
    picture = _picture()
    _link(picture, "a")
    _link(picture, "a", online=False, minute=42)
    view = _view(picture, _stream("a", 3, _day(1)))

    assert not view.is_fresh(43 * 60.0)
    assert view.as_of(EVENING_MS + 90 * _MINUTE_MS) == EVENING_MS + 42 * _MINUTE_MS


def test_what_a_broker_has_kept_does_not_make_a_site_younger() -> None:
    picture = _picture()
    _link(picture, "a", online=False, minute=90)
    picture.snapped(_snap("a", 3, _day(1)))

    picture.heard(now_ms=EVENING_MS + 90 * _MINUTE_MS, now_s=0.0, told_ms=EVENING_MS)

    view = _view(picture)
    assert not view.is_fresh(0.0)
    assert view.as_of(EVENING_MS + 91 * _MINUTE_MS) == EVENING_MS


def test_a_site_heard_lately_is_believed_for_a_minute_when_its_link_cannot_be_known() -> None:
    picture = _picture()
    _link(picture, "a", minute=10)
    picture.cut(now_ms=EVENING_MS + 20 * _MINUTE_MS)
    picture.heard_s = 1200.0
    view = _view(picture, _stream("a", 3, _day(1)))

    assert view.is_fresh(1259.0)
    assert not view.is_fresh(1261.0)
    assert view.as_of(EVENING_MS + 30 * _MINUTE_MS) == EVENING_MS + 20 * _MINUTE_MS


def test_the_newest_state_of_another_journal_is_remembered_for_a_controller_that_lost_it() -> None:
    picture = _picture()
    _link(picture, "a")
    snap = _snap("a", 4, _day(2))
    picture.snapped(snap)
    _link(picture, "b")

    assert picture.before("b", None) == snap
    older = Stream(site=_SITE, epoch="a", upto=3, at_ms=EVENING_MS - 1, state=_day(1))
    assert picture.before("b", older) == snap
    newer = Stream(site=_SITE, epoch="a", upto=5, at_ms=EVENING_MS + 1, state=_day(3))
    assert picture.before("b", newer).seq == 5


def test_a_site_of_which_nothing_is_known_is_told_so() -> None:
    nothing = _picture().before("b", None)

    assert (nothing.epoch, nothing.seq, nothing.state) == ("b", 0, SiteState())
    assert nothing.fingerprint == fingerprint(SiteState())
