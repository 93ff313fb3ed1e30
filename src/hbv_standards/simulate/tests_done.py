"""Which tests are done at a contact, and from which tube."""

from __future__ import annotations

from collections.abc import Collection

from hbv_standards.simulate.habits import LabHabit, read_laboratory, read_tests
from hbv_standards.simulate.protocol import SCREENING
from hbv_standards.simulate.records import Extent
from hbv_standards.simulate.schedule import Appointment

_IMAGING_VISITS = (2, 4, 6)
_CHECK_PANELS = frozenset({"LIVER", "BLOOD", "COAGULATION"})
_AGAIN = frozenset({"HBSAG_QN", "HBVDNA", "ALT", "AST"})


def list_tests(
    site: str, appointment: Appointment, sex: str, extent: Extent, *, imaging_later: bool
) -> list[LabHabit]:
    """The hospital's tests of one contact, in the order of its table.

    ``extent`` "brief" keeps the few tests that the fixtures hold for most subjects.
    ``imaging_later``: elastography has an appointment of its own for this visit.
    """
    wanted = _select(appointment, imaging_later=imaging_later)
    tests = read_tests()
    return [
        habit
        for concept, habit in read_laboratory(site).items()
        if concept in wanted
        and (extent == "full" or tests[concept].brief)
        and (concept != "HCG" or sex == "F")
    ]


def _select(appointment: Appointment, *, imaging_later: bool) -> Collection[str]:
    tests = read_tests()
    if appointment.purpose == "screening again":
        return _AGAIN
    if appointment.purpose == "check":
        return {c for c, t in tests.items() if t.panel in _CHECK_PANELS} | {"HBVDNA"}
    imaging = {c for c, t in tests.items() if t.schedule == "imaging"}
    if appointment.purpose == "elastography":
        return imaging
    usual = {c for c, t in tests.items() if t.schedule == "visit"}
    if appointment.planned == SCREENING:
        return usual | {c for c, t in tests.items() if t.schedule == "screening"}
    due = appointment.planned in _IMAGING_VISITS and not imaging_later
    return usual | imaging if due else usual
