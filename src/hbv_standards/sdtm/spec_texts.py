"""The sentences of ``specs`` that a reviewer reads in Define-XML: methods, structures, comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hbv_standards.sdtm.spec import METHODS, DatasetSpec, MethodSpec
from hbv_standards.standards.sdtmig import read_dataset


class SpecText(NamedTuple):
    """``text`` in one line; ``place`` is the method, dataset, variable or qualifier of ``file`` (below the study)."""

    file: str
    place: str
    text: str


def list_texts(specs: Iterable[DatasetSpec], methods: Iterable[MethodSpec]) -> Iterator[SpecText]:
    """Every text of the methods and of the datasets, in their order; equal ones as often as they stand there."""
    for method in methods:
        for text in (method.name, method.description):
            yield SpecText(f"specs/{METHODS}", method.id, " ".join(text.split()))
    for spec in specs:
        told = [
            (spec.name, spec.structure),
            *((variable.name, variable.comment) for variable in spec.variables),
        ]
        if spec.supplemental:
            told.append((f"SUPP{spec.name}", read_dataset(f"SUPP{spec.name}").structure))
        told += [(entry.qnam, entry.comment) for entry in spec.supplemental]
        for place, comment in told:
            if comment is not None:
                yield SpecText(f"specs/{spec.name.lower()}.yaml", place, " ".join(comment.split()))
