"""Questions about substances and diseases among the Observations and answers of questionnaires.

Which they are the hospital's codes.csv says (kinds ``use``, ``history``, ``family history``); all
other rows of table ``observation`` are results of tests.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from hbv_standards.ingest.distinct import Mask, build_mappers, build_mask, spread
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.mapping.apply import QuestionMatch
from hbv_standards.mapping.catalog import Catalog


def match_questions(rows: pd.DataFrame, catalog: Catalog) -> list[QuestionMatch | None]:
    """What each row of table ``observation`` asks for; ``None`` for results of tests."""
    mappers = build_mappers(catalog)
    return spread(
        rows,
        ["site", "code_concept"],
        lambda site, concept: mappers[site].map_question(concept) if concept else None,
    )


def is_question(rows: pd.DataFrame, catalog: Catalog) -> Mask:
    """Mask of the rows that are such questions."""
    return build_mask(match is not None for match in match_questions(rows, catalog))


def select_answers(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, kinds: Collection[str]
) -> pd.DataFrame:
    """Answers of enrolled subjects to questions of some kinds, in the order of the table, index 0..n-1.

    Table ``observation`` with ``subject_id``, ``question`` (its kind), ``target``, ``field`` and
    ``mapping_row``.
    """
    rows = fhir.tables["observation"]
    rows = rows[rows["subject"].isin(subject_of) & (rows["value_kind"] != "panel")].reset_index(drop=True)
    found = match_questions(rows, catalog)
    kept = build_mask(match is not None and match.kind in kinds for match in found)
    matches = [match for match in found if match is not None and match.kind in kinds]
    rows = rows[kept].reset_index(drop=True)
    return rows.assign(
        subject_id=rows["subject"].map(subject_of).astype("str"),
        question=pd.Series([m.kind for m in matches], dtype="str"),
        target=pd.Series([m.target for m in matches], dtype="str"),
        field=pd.Series([m.field for m in matches], dtype="str"),
        mapping_row=pd.Series([m.row for m in matches], dtype="str"),
    )
