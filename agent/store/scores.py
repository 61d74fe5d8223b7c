"""The scores in the database, as pages ask for them; the ingest writes them, with the events (`agent.store.store`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Row, select

from agent.scores import DayScore, Tally
from agent.store import schema
from agent.store.shared import SharedStore
from core.room.ids import SiteId

__all__ = ["ScoreStore"]


class ScoreStore(SharedStore):
    """Safe between threads; reads only."""

    def days(self, first: date, last: date, *, site: SiteId | None = None) -> Mapping[SiteId, Mapping[date, DayScore]]:
        """The service days of every site, or of one, that have promises; both ends included.

        Raises:
            StoreFault: the database cannot be read.
        """
        score = schema.score
        wanted = select(score).where(score.c.day.between(first.isoformat(), last.isoformat()))
        if site is not None:
            wanted = wanted.where(score.c.site == site)
        found: dict[SiteId, dict[date, DayScore]] = {}
        with self._opened() as engine, engine.connect() as connection:
            for row in connection.execute(wanted.order_by(score.c.day)):
                days = found.setdefault(SiteId(row.site), {})
                day = date.fromisoformat(row.day)
                days[day] = days.get(day, DayScore()) + _day_score(row)
        return found


def _day_score(row: Row[tuple[object, ...]]) -> DayScore:
    tally = Tally(
        told=row.told,
        error_s=row.error_s,
        covered=row.covered,
        under=row.under,
        late=row.late,
        kept=row.kept,
        uncalled=row.uncalled,
    )
    return DayScore(first=tally) if row.kind == "first" else DayScore(later=tally)
