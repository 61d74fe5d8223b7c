"""Draws docs/images/forecast.svg: `python -m tests.core.forecast.draw`.

What is left in the error, hour by hour, at the small centre of the tests: 60 days after 25 to learn from.
"""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

from core.forecast.learn import learn
from tests.core.forecast.asking import Asked, asked_of
from tests.core.forecast.centre import Centre, days

_FILE = Path(__file__).resolve().parents[3] / "docs" / "images" / "forecast.svg"
_WIDTH, _HEIGHT, _LEFT, _BASE = 640, 300, 50, 230
_PX_A_MINUTE = 14.0
_HOURS = range(9, 22)


def main() -> None:
    """Play, ask and draw."""
    habits = learn(days(Centre(), 25, seed=1))
    asked = list(asked_of(days(Centre(), 60, seed=2, first=100), habits))
    by_hour = {hour: [one for one in asked if one.came_min // 60 == hour] for hour in _HOURS}
    _FILE.write_text(_svg({hour: found for hour, found in by_hour.items() if found}))


def _svg(by_hour: dict[int, list[Asked]]) -> str:
    step = (_WIDTH - _LEFT - 20) / len(by_hour)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="18">minutes wrong at the ticket: bars on the mean, dots said less waited</text>',
    ]
    for minutes in range(0, 15, 2):
        y = _BASE - minutes * _PX_A_MINUTE
        parts.append(f'<path d="M{_LEFT} {y}H{_WIDTH - 20}" stroke="#ddd"/><text x="24" y="{y + 4}">{minutes}</text>')
    for number, (hour, found) in enumerate(by_hour.items()):
        middle = _LEFT + (number + 0.5) * step
        top = _BASE - _PX_A_MINUTE * fmean(abs(one.error_min) for one in found)
        bias = _BASE - _PX_A_MINUTE * fmean(one.error_min for one in found)
        parts += [
            f'<path d="M{middle:.1f} {_BASE}V{top:.1f}" stroke="#7aa6c2" stroke-width="{step - 8:.1f}"/>',
            f'<circle cx="{middle:.1f}" cy="{bias:.1f}" r="4" fill="#b3401f"/>',
            f'<text x="{middle:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">{hour} h</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
