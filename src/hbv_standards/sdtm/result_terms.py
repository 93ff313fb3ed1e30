"""Results in words of tests that have a codelist of their own, such as modes of transmission (MODTRN)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog


def map_result_terms(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Fill ``result_value`` and ``value_row`` where the test names a codelist and no value was mapped.

    ``frame``: canonical findings. The texts are looked up in the hospital's values of that codelist;
    what no row answers stays as sent.
    """
    codelists = {c.concept_id: c.result_codelist for c in catalog.concepts.values() if c.result_codelist}
    wanted = frame["concept_id"].isin(codelists) & frame["result_value"].isna() & frame["result"].notna()
    if not wanted.any():
        return frame
    rows = frame.loc[wanted, ["site", "concept_id", "result"]]
    mappers = {site: SiteMapper(catalog, site) for site in sorted(set(rows["site"]))}
    found = {
        (site, concept, text): mappers[site].map_value(codelists[concept] or "", text, concept_id=concept)
        for site, concept, text in sorted(set(rows.itertuples(index=False, name=None)))
    }
    matches = [found[key] for key in rows.itertuples(index=False, name=None)]
    values, mapped = frame["result_value"].copy(), frame["value_row"].copy()
    values[wanted] = [match.value if match else None for match in matches]
    mapped[wanted] = [match.row if match else None for match in matches]
    return frame.assign(result_value=values.astype("str"), value_row=mapped.astype("str"))
