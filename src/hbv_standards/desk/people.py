"""Whose rows count: those of enrolled subjects are lost when something is unmapped, others are not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd


def find_people(rows: pd.DataFrame, person_of: Mapping[str, str], everyone: Collection[str]) -> pd.Series:
    """The subject of every row of a table, missing where it is nobody of the trial.

    ``rows`` has the columns site and subject (a Patient key). At the hospitals of ``everyone``
    nobody is known to be enrolled: there the Patient stands for himself.
    """
    people = rows["subject"].map(dict(person_of)).astype("str")
    open_sites = rows["site"].isin(list(everyone))
    return people.where(~open_sites, rows["subject"])
