"""Supplemental qualifiers: what the records tell and the dataset has no variable for (SDTMIG 8.4).

The section ``supplemental`` of a domain's spec says which; texts longer than 200 bytes are continued
there too (SDTMIG 4.5.3.2). Rows of the supplemental dataset follow those of its parent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from hbv_standards.canonical.concept_text import GS
from hbv_standards.derive.ascii_text import Agency, convert_encodable
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import Match, SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, VariableSpec
from hbv_standards.sdtm.supplemental_spec import SupplementalSpec
from hbv_standards.sdtm.text import MAX_BYTES, split_text
from hbv_standards.sdtm.trace import join_traces, trace_rows
from hbv_standards.standards.sdtmig import read_dataset

COLUMNS = ("row", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL", "mapping_row")
"""Columns of qualifiers; ``row`` is the position of the record in its frame."""

LENGTHS = {"QNAM": 8, "QLABEL": 40, "IDVAR": 8}  # SDTMIG 4.2.9, CG0416, CG0417
ORIGINS = {"USUBJID": "Derived", "STUDYID": "Protocol", "QVAL": "Collected"}
_LONGEST_CHARACTER = 4  # bytes of UTF-8


def collect_qualifiers(
    frame: pd.DataFrame, spec: DatasetSpec, catalog: Catalog, agency: Agency, log: IssueLog
) -> pd.DataFrame:
    """Qualifiers that the spec declares, of the records in ``frame`` (index 0..n-1): :data:`COLUMNS`.

    A word that is to be mapped and is not becomes HBV-MAP-005, a text that the build cannot hold
    HBV-SDTM-003 unless the spec declares it as the hospital's own words.

    Raises:
        ConfigurationError: the records of the domain have no such field.
    """
    parts = []
    for entry in spec.supplemental:
        if entry.field not in frame.columns:
            raise ConfigurationError(
                f"supplemental {entry.qnam}: records of {spec.name} have no field {entry.field!r}",
                file=f"specs/{spec.name.lower()}.yaml",
                value=entry.field,
            )
        if agency in entry.builds:
            parts.append(_read_entry(frame, entry, _QualifierReader(entry, spec, catalog, agency, log)))
    return join_qualifiers(parts)


def join_qualifiers(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All qualifiers as one."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


def continue_texts(
    frame: pd.DataFrame, spec: DatasetSpec, agency: Agency
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Texts over 200 bytes: the first piece stays in its variable, further ones become qualifiers.

    Only datasets of subjects have qualifiers; in others the text is cut by the caller. Coded variables
    and those of a set length are no texts. Returns the frame and the qualifiers (:data:`COLUMNS`).
    """
    parts, shortened = [], {}
    if "USUBJID" in spec.names and spec.cls != "RELATIONSHIP" and spec.name != "CO":
        for variable in spec.variables:
            if _is_free_text(variable) and variable.name in frame.columns:
                column = frame[variable.name].astype("str")
                if column.str.len().max() * _LONGEST_CHARACTER > MAX_BYTES:
                    pieces = column.map(lambda text: _split_long(text, agency), na_action="ignore")
                    shortened[variable.name] = pieces.str[0].astype("str")
                    parts.append(_list_further(pieces, variable))
    return frame.assign(**shortened), join_qualifiers(parts)


def _is_free_text(variable: VariableSpec) -> bool:
    return variable.type == "Char" and variable.length is None and variable.codelist is None


def _split_long(text: str, agency: Agency) -> tuple[str, ...]:
    """Pieces of a text as the build holds it; one that fits, or cannot be held, stays as it is."""
    encodable = convert_encodable(text, agency)
    if encodable is None or len(encodable.encode("utf-8")) <= MAX_BYTES:
        return (text,)
    return split_text(encodable)


def _list_further(pieces: pd.Series, variable: VariableSpec) -> pd.DataFrame:
    further = pieces.str[1:]
    return _spread(
        further[further.str.len() > 0], variable.name, variable.label, variable.origin, None, first=1
    )


def name_piece(qnam: str, number: int) -> str:
    """QNAM of a further piece: AETERM1; where eight letters are taken, digits replace the last ones."""
    return f"{qnam[: 8 - len(str(number))]}{number}" if number else qnam


def _read_entry(frame: pd.DataFrame, entry: SupplementalSpec, reader: _QualifierReader) -> pd.DataFrame:
    keys = frame[entry.field].astype("str").dropna()
    if entry.codelist is not None:
        keys = frame.loc[keys.index, "site"].astype("str") + GS + keys
    counts = keys.value_counts()
    found = {key: reader.read(key, int(counts[key])) for key in sorted(counts.index)}
    pieces = keys.map({key: pieces for key, (pieces, _) in found.items()})
    rows = keys.map({key: row for key, (_, row) in found.items()})
    kept = pieces.str.len() > 0
    return _spread(pieces[kept], entry.qnam, entry.label, entry.origin, entry.evaluator, rows=rows[kept])


def _spread(
    pieces: pd.Series,
    qnam: str,
    label: str,
    origin: str,
    evaluator: str | None,
    *,
    first: int = 0,
    rows: pd.Series | None = None,
) -> pd.DataFrame:
    """One qualifier for every piece of every text; the first is named with number ``first``."""
    parts = []
    for place in range(int(pieces.str.len().max()) if len(pieces) else 0):
        part = pieces[pieces.str.len() > place]
        parts.append(
            pd.DataFrame(
                {
                    "row": part.index.to_numpy(),
                    "QNAM": name_piece(qnam, first + place),
                    "QLABEL": label,
                    "QVAL": part.str[place].to_numpy(),
                    "QORIG": origin,
                    "QEVAL": evaluator,
                    "mapping_row": None if rows is None else rows[part.index].to_numpy(),
                }
            )
        )
    return join_qualifiers(parts)


class _QualifierReader:
    """Works out the value of one qualifier for one distinct text."""

    def __init__(
        self, entry: SupplementalSpec, spec: DatasetSpec, catalog: Catalog, agency: Agency, log: IssueLog
    ) -> None:
        self._entry, self._spec, self._agency, self._log = entry, spec, agency, log
        self._catalog = catalog
        self._mappers: dict[str, SiteMapper] = {}

    def read(self, key: str, count: int) -> tuple[tuple[str, ...], str | None]:
        """Pieces of the value, none where it is not carried, and the mapping row that made it."""
        site, text = key.split(GS, 1) if self._entry.codelist is not None else ("", key)
        if self._entry.when == "not ascii" and convert_encodable(text, "fda") is not None:
            return (), None
        if self._entry.codelist is not None:
            match = self._map(site, text, count)
            return ((match.value,), match.row) if match else ((), None)
        encodable = convert_encodable(text, self._agency)
        if encodable is None and text.strip() and not self._entry.as_sent:
            self._report("HBV-SDTM-003", text, f"characters outside ASCII: left out of {count} rows")
        return split_text(encodable) if encodable else (), None

    def _map(self, site: str, text: str, count: int) -> Match | None:
        codelist = self._entry.codelist or ""
        if site not in self._mappers:
            self._mappers[site] = SiteMapper(self._catalog, site)
        match = self._mappers[site].map_value(codelist, text)
        if match is None:
            cure = f"add it to sites/{site}/values.csv, codelist {codelist}"
            self._report("HBV-MAP-005", text, f"{text} is not mapped ({count} records); {cure}", site)
        return match

    def _report(self, code: str, value: str, message: str, site: str = "") -> None:
        dataset = f"SUPP{self._spec.name}"
        self._log.add(
            code, site=site, dataset=dataset, variable=self._entry.qnam, value=value, message=message
        )


def build_supplemental(dataset: Dataset, localise: Callable[[DatasetSpec], DatasetSpec]) -> Dataset | None:
    """The supplemental dataset of a dataset, None without qualifiers.

    Qualifiers are joined to --SEQ, in DM to the subject alone (CG0203, CG0204). Every row has its
    own sources, or those of the record that it qualifies. ``localise`` gives labels their language.
    """
    qualifiers = dataset.qualifiers
    if qualifiers is None or qualifiers.empty:
        return None
    qualifiers = qualifiers.reset_index(drop=True)
    spec = localise(build_supplemental_spec(dataset.spec))
    numbered = f"{dataset.spec.prefix}SEQ"
    identifiers = [name for name in ("STUDYID", "USUBJID", numbered) if name in dataset.frame]
    parents = dataset.frame[identifiers].iloc[qualifiers["row"]].reset_index(drop=True)
    frame = qualifiers.assign(
        STUDYID=parents["STUDYID"], RDOMAIN=dataset.spec.name, USUBJID=parents["USUBJID"]
    )
    if numbered in parents:
        frame = frame.assign(IDVAR=numbered, IDVARVAL=parents[numbered].astype("int64").astype("str"))
    return Dataset.conform(frame, spec, _trace_qualifiers(frame, dataset.trace))


def _trace_qualifiers(frame: pd.DataFrame, trace: pd.DataFrame) -> pd.DataFrame:
    """Sources of the qualifier where the record's trace names them, else those of the whole record."""
    sources = trace[["row", "variable", "source_id", "path"]]
    placed = frame[["row", "mapping_row"]].assign(at=range(len(frame)), variable=frame["QNAM"].astype("str"))
    own = placed.merge(sources, on=["row", "variable"])
    other = placed[~placed["at"].isin(own["at"])].drop(columns="variable")
    whole = other.merge(sources[sources["variable"] == ""], on="row")
    return join_traces([trace_rows(own, row="at"), trace_rows(whole, row="at")])


def build_supplemental_spec(parent: DatasetSpec) -> DatasetSpec:
    """Spec of the supplemental dataset of a domain (SDTMIG 8.4.1)."""
    guide = read_dataset(f"SUPP{parent.name}")
    variables = tuple(
        VariableSpec.model_validate(
            {
                "name": v.name,
                "label": v.label,
                "type": v.type,
                "role": v.role,
                "core": v.core,
                "length": LENGTHS.get(v.name),
                "codelist": v.codelist_code[0] if v.codelist_code else None,
                "origin": ORIGINS.get(v.name, "Assigned"),
                "origin_source": "Investigator" if v.name == "QVAL" else "Sponsor",
                "method": "USUBJID" if v.name == "USUBJID" else None,
                "comment": None,
            }
        )
        for v in guide.variables
    )
    return DatasetSpec(
        name=guide.name,
        label=guide.label,
        cls=guide.cls,
        structure=guide.structure,
        keys=("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
        standard=True,
        variables=variables,
        assigned={},
        supplemental=parent.supplemental,  # each says what its values are, in Define-XML at value level
    )
