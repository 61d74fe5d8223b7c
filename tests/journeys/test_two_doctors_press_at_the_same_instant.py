"""Two doctors press at the same instant, again and again: each patient is called once, each lamp is true."""

from __future__ import annotations

import pytest

from tests.journeys.day import Day, Doctor


@pytest.mark.story(begins="2026-11-22 11:00", speed=120)
def test_each_patient_is_called_by_one_of_them(day: Day) -> None:
    vallon, garrigue = day.doctor("1"), day.doctor("2")
    assert press_together(vallon, garrigue) == ["yes", "yes"]  # on duty, both

    only_one = day.patient_comes()
    assert sorted(press_together(vallon, garrigue)) == ["no", "yes"]
    day.board.calls("A001", only_one.is_called_to())

    patients = day.patients_come(4)
    for pair in (patients[:2], patients[2:]):
        day.visit_goes_on()
        assert press_together(vallon, garrigue) == ["yes", "yes"]
        rooms = [patient.is_called_to() for patient in pair]
        assert sorted(rooms) == ["1", "2"]
        for patient, room in zip(pair, rooms, strict=True):
            day.board.calls(patient.number, room)


def press_together(*doctors: Doctor) -> list[str]:
    """Both fingers go down within a millisecond or two."""
    for doctor in doctors:
        doctor.looks_down()
    for doctor in doctors:
        doctor.puts_a_finger_down()
    return [doctor.is_answered() for doctor in doctors]
