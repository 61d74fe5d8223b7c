"""A wrong file is refused with a sentence that says what to correct, for each way to be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, field_validator, model_validator

from core.edge.clock import ClockSettings, SystemClockSettings
from core.edge.config import ConfigError, Settings, load


class _Printer(Settings):
    width_dots: Annotated[int, Field(gt=0)]
    languages: list[str] = Field(default_factory=list)


class _File(Settings):
    name: str
    printer: _Printer
    clock: ClockSettings = Field(default_factory=SystemClockSettings)

    @field_validator("name")
    @classmethod
    def _is_no_robot(cls, name: str) -> str:
        if name == "robot":
            raise ValueError("no device may be called 'robot'; give it another name")
        return name

    @model_validator(mode="after")
    def _is_wide_enough(self) -> _File:
        if self.name == "wide" and self.printer.width_dots < 500:
            raise ValueError("a wide printer has 500 dots at least")
        return self


_RIGHT = 'name = "kiosk"\n[printer]\nwidth_dots = 576\n'


def _loaded(tmp_path: Path, text: str) -> _File:
    (tmp_path / "device.toml").write_text(text)
    return load(tmp_path / "device.toml", _File)


def test_a_right_file_is_read(tmp_path: Path) -> None:
    read = _loaded(tmp_path, _RIGHT)
    assert (read.name, read.printer.width_dots, read.clock.driver) == ("kiosk", 576, "system")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ('name = "kiosk"', ["printer is missing; add it"]),
        ('name = "kiosk"\n[printer]', ["printer.width_dots is missing; add it"]),
        (_RIGHT + "widht_dots = 5", ["printer.widht_dots = 5: no such key; did you mean 'width_dots'?"]),
        (_RIGHT + "zzz = 5", ["printer.zzz = 5: no such key"]),
        ("prnter = 1\n" + _RIGHT, ["prnter = 1: no such key; did you mean 'printer'?"]),
        (
            _RIGHT + '[clock]\ndriver = "sistem"',
            ["clock = 'sistem': must be one of system, scaled; did you mean 'system'?"],
        ),
        (_RIGHT + "[clock]", ["clock.driver is missing; add it"]),
        (
            _RIGHT + '[clock]\ndriver = "scaled"\norigin_ms = 1\nstart_ms = 2\nspeed = 0',
            ["clock.speed = 0: Input should be greater than 0"],
        ),
        (
            _RIGHT + '[clock]\ndriver = "scaled"\nspeed = 2',
            ["clock.origin_ms is missing; add it", "clock.start_ms is missing; add it"],
        ),
        (
            _RIGHT + '[clock]\ndriver = "scaled"\norigin_ms = 1\nstart_ms = 2\nspeed = 2\nsped = 3',
            ["clock.sped = 3: no such key; did you mean 'speed'?"],
        ),
        (
            'name = "kiosk"\n[printer]\nwidth_dots = "wide"\nlanguages = ["fr", 3]',
            [
                "printer.width_dots = 'wide': Input should be a valid integer, unable to parse string as an integer",
                "printer.languages.1 = 3: Input should be a valid string",
            ],
        ),
        (_RIGHT.replace("kiosk", "robot"), ["name = 'robot': no device may be called 'robot'; give it another name"]),
        (_RIGHT.replace("kiosk", "wide").replace("576", "384"), ["a wide printer has 500 dots at least"]),
    ],
)
def test_each_thing_that_is_wrong_has_its_sentence(tmp_path: Path, text: str, sentences: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        _loaded(tmp_path, text)
    assert str(refused.value).splitlines() == [f"{tmp_path / 'device.toml'}: {sentence}" for sentence in sentences]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"absent\.toml: cannot be read \(No such file or directory\); give .* --config"
    ):
        load(tmp_path / "absent.toml", _File)


@pytest.mark.parametrize("content", [b"name = ", b"name = \xff", b"[printer\n"])
def test_a_file_that_is_not_toml_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "device.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"device\.toml: is not TOML: "):
        load(tmp_path / "device.toml", _File)
