"""The standards as packaged facts: SDTMIG 3.4 datasets, SDTM 2.0 variables, SDTM controlled terminology."""

from __future__ import annotations

from hbv_standards.standards.sdtm_model import (
    ObservationClass,
    generic_name,
    model_variable_names,
    order_variables,
    read_model_variable,
    specific_name,
)
from hbv_standards.standards.sdtmig import (
    SDTM_VERSION,
    SDTMIG_VERSION,
    DatasetClass,
    SdtmDataset,
    SdtmVariable,
    dataset_names,
    read_dataset,
)
from hbv_standards.standards.terminology import (
    CT_VERSION,
    Codelist,
    Term,
    codelist_codes,
    decode,
    read_codelist,
)

__all__ = [
    "CT_VERSION",
    "SDTMIG_VERSION",
    "SDTM_VERSION",
    "Codelist",
    "DatasetClass",
    "ObservationClass",
    "SdtmDataset",
    "SdtmVariable",
    "Term",
    "codelist_codes",
    "dataset_names",
    "decode",
    "generic_name",
    "model_variable_names",
    "order_variables",
    "read_codelist",
    "read_dataset",
    "read_model_variable",
    "specific_name",
]
