"""A hospital that has no folder yet: what its delivery shows of how it is to be read.

What is seen is stated (encodings, FHIR version, identifier systems); who says who was enrolled is a
proposal, to be accepted in ``site.yaml`` by a person.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import pandas as pd

from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.content import READ_ERRORS, decode_text, open_bytes, read_whole
from hbv_standards.ingest.files import InputFile, list_files
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.site import Enrolment, SiteConfig

ENCODINGS = ("utf-8", "gb18030")
"""Tried in a delivery of which nothing is known: what Chinese hospitals write."""

HEADERS: Mapping[str, tuple[str, ...]] = {
    "subject_id": (
        "受试者编号", "受试者号", "受试者ID", "入组编号", "入组号", "subject id", "subject number", "subject no",
        "subject", "subjid", "subject_id",
    ),
    "patient_identifier": (
        "病历号", "病案号", "住院号", "门诊号", "患者编号", "患者ID", "病人ID", "就诊卡号", "mrn", "patient id",
        "patient number", "patient identifier", "medical record number", "patient_id", "patient_identifier",
    ),
    "consent_dtc": (
        "知情同意日期", "知情同意书签署日期", "签署知情同意书日期", "知情日期", "consent date",
        "informed consent date", "date of informed consent", "icf date",
    ),
    "randomized_dtc": (
        "随机日期", "随机化日期", "随机时间", "randomization date", "randomisation date", "date of randomization",
        "date of randomisation", "randomized date",
    ),
    "arm_code": ("组别", "分组", "治疗组", "治疗组别", "随机分组", "arm", "treatment arm", "treatment group"),
    "status": ("状态", "受试者状态", "status", "subject status"),
    "end_dtc": ("结束日期", "退出日期", "结束/退出日期", "end date", "end of participation"),
    "end_reason": ("结束原因", "退出原因", "终止原因", "结束/退出原因", "end reason", "reason for end"),
}  # fmt: skip
"""Headers by which a table of a randomisation system is known, by field of an enrolment record."""

_LIKE: Mapping[str, str] = {
    "subject_id": r"(?:研究|试验)?(?:受试者|入组|筛选|随机)(?:者)?(?:编号|号|号码|代码|id)",
    "patient_identifier": r"(?:患者|病人|登记|就诊卡?|住院|门诊|病历|病案|his)(?:编号|号|号码|id)",
    "consent_dtc": r"(?:签署)?(?:知情(?:同意)?书?|icf)(?:签署|签字)?(?:日期?|时间)",
    "randomized_dtc": r"(?:随机化?|入组|分组)(?:日期?|时间)",
    "arm_code": r"(?:随机|治疗)?(?:组别|分组|组)",
    "status": r"(?:受试者|研究|参与|目前|当前|入组)?状态",
    "end_dtc": r"(?:完成/?)?(?:研究|试验)?(?:结束|退出|出组|终止|完成)(?:研究|试验)?(?:日期?|时间)",
    "end_reason": r"(?:完成/?)?(?:研究|试验)?(?:结束|退出|出组|终止)(?:研究|试验)?(?:的?原因)",
}
"""How other headers for the same look; they count where no known header is there and one column alone fits."""

_NEEDED = ("subject_id", "patient_identifier")
_PUBLIC_HOSTS = (
    "hl7.org",
    "loinc.org",
    "snomed.info",
    "ihe.net",
    "who.int",
    "whocc.no",
    "example.com",
    "cdisc.org",
)


def open_catalog(catalog: Catalog, inputs: Sequence[Path], site: str | None) -> Catalog:
    """The catalog, with a provisional hospital when the study has none called ``site``.

    A proposal of a known hospital's enrolment counts as accepted here: a list of what is lost needs
    to know whose rows they are, and converts nothing.
    """
    sites = {name: _accept(config) for name, config in catalog.sites.items()}
    if site is not None:
        refuse_others(inputs, [*sites, site], site)
    if site is None or site in sites:
        return replace(catalog, sites=sites)
    names = {**sites, site: SiteConfig(site=site)}
    files = list_files(inputs, names, site)
    config = SiteConfig(site=site, encodings=ENCODINGS, enrolment=find_enrolment_table(files) or Enrolment())
    lookups = {**catalog.lookups, site: LookupTable()}
    return replace(catalog, sites=dict(sorted({**sites, site: config}.items())), lookups=lookups)


def refuse_others(inputs: Sequence[Path], sites: Collection[str], site: str) -> None:
    """Raise :class:`ConfigurationError` where folders say that the files are of several hospitals.

    The others' codes would become rows of a hospital that never sent them. The folder of one hospital may
    be read as if it were another's.
    """
    files = [file for file in list_files(inputs, sites) if file.site]
    named = sorted({file.site for file in files})
    if len(named) > 1:
        other = next(file for file in files if file.site != site)
        cure = f"name the folder or files of {site} alone"
        message = f"the files lie in folders of {', '.join(named)}, one is {other.path}; {cure}"
        raise ConfigurationError(message, value=site)


def _accept(config: SiteConfig) -> SiteConfig:
    if config.enrolment.status == "accepted":
        return config
    return config.model_copy(update={"enrolment": config.enrolment.model_copy(update={"status": "accepted"})})


def find_enrolment_table(files: Iterable[InputFile]) -> Enrolment | None:
    """The enrolment that the one CSV file with the headers of a subject and a patient number speaks of."""
    found = []
    for file in files:
        columns = read_enrolment_columns(file) if file.kind == "csv" else {}
        if all(name in columns for name in _NEEDED):
            found.append((PurePosixPath(file.name).name, columns))
    if len(found) != 1:
        return None
    ((name, columns),) = found
    return Enrolment(source="csv", file=name, columns=columns)


def read_enrolment_columns(file: InputFile) -> dict[str, str]:
    """Field → header, for the headers of :data:`HEADERS` that the file has exactly once."""
    try:
        with open_bytes(file.path) as (stream, _):
            data, _ = read_whole(stream)
    except READ_ERRORS:
        return {}
    decoded = decode_text(data, ENCODINGS)
    if decoded.encoding is None:
        return {}
    text = decoded.data.decode("utf-8")
    return max((_match_headers(text, delimiter) for delimiter in ",;\t"), key=len)


def _match_headers(text: str, delimiter: str) -> dict[str, str]:
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return {}
    cells = [cell.strip() for cell in header]
    columns = {}
    for name, known in HEADERS.items():
        wanted = {normalise_text(header) for header in known}
        meant = [cell for cell in cells if normalise_text(cell) in wanted]
        meant = meant or [cell for cell in cells if re.fullmatch(_LIKE[name], normalise_text(cell))]
        if len(meant) == 1:
            columns[name] = meant[0]
    return columns


def detect_site(fhir: FhirTables, catalog: Catalog, site: str, log: IssueLog) -> SiteConfig:
    """What the delivery shows of a hospital that was read provisionally."""
    seen = catalog.sites[site]
    recoded = any(row.code == "HBV-ING-010" for row in log.rows)
    versions = fhir.sources.loc[fhir.sources["fhir_version"].isin(["R4", "R4B", "R5"]), "fhir_version"]
    counted = versions.value_counts().sort_index()
    version = str(counted.idxmax()) if len(counted) else None
    others = {s for name, config in catalog.sites.items() if name != site for s in config.identifier_systems}
    systems = sorted(_list_systems(fhir) - others)
    return SiteConfig.model_validate(
        {
            "site": site,
            "encodings": ENCODINGS if recoded else ENCODINGS[:1],
            "default_fhir_version": version,
            "identifier_systems": tuple(system for system in systems if is_of_hospital(system)),
            "enrolment": detect_enrolment(fhir, seen.enrolment, catalog.study.studyid),
        }
    )


def _list_systems(fhir: FhirTables) -> set[str]:
    table = fhir.tables["identifier"]
    owned = table["owner_key"].str.contains(r"\|(?:Patient|Specimen|ResearchSubject|Encounter)/", na=False)
    return set(table.loc[owned, "system"].dropna())


def is_of_hospital(system: str) -> bool:
    """Whether an identifier system can be one hospital's own: an address that is no public body's."""
    parts = urlsplit(system)
    host = (parts.hostname or "").lower()
    known = any(host == name or host.endswith(f".{name}") for name in _PUBLIC_HOSTS)
    return parts.scheme in ("http", "https") and bool(host) and not known


def detect_enrolment(fhir: FhirTables, seen: Enrolment, studyid: str) -> Enrolment:
    """The proposal for ``enrolment``: the table that was found, or the ResearchSubjects of the study."""
    numbers = fhir.tables["identifier"]
    if seen.source == "csv":
        rows = fhir.tables["enrolment"]["patient_identifier"].dropna()
        patients = numbers[numbers["owner_key"].str.contains("|Patient/", regex=False, na=False)]
        named = patients.loc[patients["value"].isin(set(rows)), "system"].dropna()
        return seen.model_copy(update={"status": "proposed", "patient_system": _read_single(named)})
    subjects = numbers[numbers["owner_key"].str.contains("|ResearchSubject/", regex=False, na=False)]
    studies = numbers[numbers["owner_key"].str.contains("|ResearchStudy/", regex=False, na=False)]
    return Enrolment(
        status="proposed",
        subject_system=_read_single(subjects["system"].dropna()),
        study=studyid if (studies["value"] == studyid).any() else None,
    )


def _read_single(values: pd.Series) -> str | None:
    distinct = sorted(set(values))
    return str(distinct[0]) if len(distinct) == 1 else None
