"""GF: the variant that a genotype is about."""

from __future__ import annotations

from .views import run_domain


def test_variant_that_was_tested_is_a_qualifier() -> None:
    genotype = {"concept_id": "IFNA2", "result_kind": "text", "result": "野生型", "result_value": "G/G", "number": None,
                "unit": None, "unit_value": None, "collected_dtc": "2023-03-02"}  # fmt: skip
    for agency in ("fda", "nmpa"):
        dataset, _ = run_domain("GF", {"subjects": [{}], "findings": [genotype]}, agency=agency)
        assert dataset is not None
        assert dataset.qualifiers is not None
        told = dataset.qualifiers.set_index("QNAM")
        assert told.loc["GFVARNT", "QVAL"] == "p.Ala120Thr"
        assert told.loc["GFVARNT", "QORIG"] == "Assigned"
