"""CM: what began or ended before the trial, where only the relation to a time point is known (SDTMIG 4.4.7)."""

from __future__ import annotations

from typing import Any

import pytest

from .views import list_rows

STATEMENT = {"treatment_id": "ENTECAVIR", "kind": "statement", "dose": "0.5", "dose_unit": "mg", "frequency": "QD"}
COLUMNS = ("CMSTDTC", "CMSTRTPT", "CMSTTPT", "CMENDTC", "CMENRTPT", "CMENTPT", "EPOCH")
CONSENT, RANDOMIZATION = "INFORMED CONSENT", "RANDOMIZATION"
NACONT, PEGIFN = {"arm_code": "NACONT"}, {"arm_code": "PEGIFN"}
LAST = "2023-06-30"
VISITS: list[dict[str, Any]] = [{"visit_key": "v", "start_dtc": LAST}]


@pytest.mark.parametrize(
    ("subject", "span", "row"),
    [
        # The history of who goes on: no end date, COINCIDENT with randomisation; the start stays as partial as sent.
        (NACONT, {"start_dtc": "2019-05", "ongoing": True},
         ("2019-05", None, None, None, "COINCIDENT", RANDOMIZATION, None)),
        (NACONT, {"ongoing": True}, (None, "BEFORE", RANDOMIZATION, None, "COINCIDENT", RANDOMIZATION, None)),
        # The history of who is switched: its own end.
        (PEGIFN, {"start_dtc": "2019-05", "end_dtc": "2023-03-14"},
         ("2019-05", None, None, "2023-03-14", None, None, None)),
        (PEGIFN, {"end_dtc": "2020-11"}, (None, "BEFORE", CONSENT, "2020-11", None, None, None)),
        (PEGIFN, {"end_dtc": "2023-03"}, (None, "UNKNOWN", CONSENT, "2023-03", None, None, None)),
        (PEGIFN, {"start_dtc": "2015", "ceased": True}, ("2015", None, None, None, "BEFORE", LAST, None)),
        (PEGIFN, {"start_dtc": "2015"}, ("2015", None, None, None, None, None, None)),
        (PEGIFN, {}, (None, None, None, None, None, None, None)),
        # Rescue during the trial.
        (PEGIFN, {"start_dtc": "2023-05-02", "ongoing": True},
         ("2023-05-02", None, None, None, "ONGOING", LAST, "TREATMENT")),
    ],
)  # fmt: skip
def test_relations(subject: dict[str, Any], span: dict[str, Any], row: tuple[str | None, ...]) -> None:
    injections = [{"start_dtc": "2023-03-15"}] if subject is PEGIFN else []
    case: dict[str, list[dict[str, Any]]] = {
        "subjects": [subject], "visits": VISITS, "interventions": [{**STATEMENT, **span}, *injections],
    }  # fmt: skip
    found = [tuple(row.values()) for row in list_rows("CM", case, COLUMNS)]
    assert found == [row]


def test_at_a_cut_nobody_knows_that_it_was_over() -> None:
    case: dict[str, list[dict[str, Any]]] = {"subjects": [{}], "visits": VISITS}
    case["interventions"] = [{**STATEMENT, "start_dtc": "2015", "ceased": True}]
    assert list_rows("CM", case, ("CMENRTPT", "CMENTPT"), cutoff="2023-05-01") == [{"CMENRTPT": None, "CMENTPT": None}]
