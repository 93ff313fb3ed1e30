"""What all domains share: the records of the build, reference dates, elements and visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.derive.ascii_text import Agency
from hbv_standards.derive.demographics import derive_reference_dates, find_date_disorder
from hbv_standards.derive.elements import derive_elements
from hbv_standards.derive.units import UnitConverter
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.contacts import Visits, build_visits, list_known_dates
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec
from hbv_standards.sdtm.text import fit_text
from hbv_standards.sdtm.treatments import Treatments, build_treatments
from hbv_standards.study import StudyConfig

EVENT_DOMAINS = {"disposition": "DS", "adverse event": "AE", "history": "MH", "family history": "APMH"}


@dataclass(frozen=True)
class StudyView:
    """One build as the domains see it; what takes work is made when first asked for, once.

    ``data`` are the selected records (:func:`hbv_standards.sdtm.cutoff.select_data`); every frame has
    the index 0..n-1.
    """

    data: CanonicalData
    catalog: Catalog
    specs: Mapping[str, DatasetSpec]
    log: IssueLog
    cutoff: str | None
    agency: Agency

    @property
    def study(self) -> StudyConfig:
        """The trial."""
        return self.catalog.study

    @cached_property
    def treatments(self) -> Treatments:
        """Study treatment, other treatment, and subjects with arms."""
        return build_treatments(self.data.subjects, self.data.interventions, self.catalog, self.log)

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """One row per subject: canonical fields, ARM* variables, reference dates and ``ended``."""
        arms, exposure = self.treatments.subjects, self.treatments.study.rows
        subjects = derive_reference_dates(arms, exposure, list_known_dates(self.data))
        source = subjects.set_index("subject_id")["source_id"]
        for row in find_date_disorder(subjects).to_dict("records"):
            self.log.add(
                "HBV-SDTM-005",
                source_id=int(source[row["subject_id"]]),
                dataset="DM",
                variable=row["first"],
                value=row["first_dtc"],
                message=f"{row['first']} {row['first_dtc']} lies after {row['second']} {row['second_dtc']}",
            )
        return subjects

    @cached_property
    def elements(self) -> pd.DataFrame:
        """Elements of the subjects (SE variables, ``start`` and ``end`` as dates)."""
        return derive_elements(self.subjects, self.study.arms, self.study.elements, self.study.epochs)

    @cached_property
    def visits(self) -> Visits:
        """The visit of every contact."""
        return build_visits(self.data, self.subjects, self.study, self.cutoff, self.log)

    @cached_property
    def converter(self) -> UnitConverter:
        """Unit conversion with the study's tables."""
        return UnitConverter(self.catalog.dimensions, self.catalog.conversions)

    def select_findings(self, domain: str) -> pd.DataFrame:
        """Findings of the domain's tests, with ``VISITNUM``, ``group_number`` and ``visit_*`` as stated."""
        domains = self.data.findings["concept_id"].map(
            {c.concept_id: c.domain for c in self.catalog.concepts.values()}
        )
        chosen = domains == domain
        found = self.data.findings[chosen].assign(
            VISITNUM=self.visits.findings[chosen], group_number=self._group_numbers[chosen]
        )
        stated = self.visits.stated
        visit = {
            f"visit_{name}": found["visit_key"].map(stated[name])
            for name in ("source_id", "path", "mapping_row")
        }
        return found.assign(**visit).reset_index(drop=True)

    @cached_property
    def _group_numbers(self) -> pd.Series:
        """Number of the panel or report of each finding, by subject in order of its first date."""
        rows = self.data.findings[["subject_id", "group_id", "collected_dtc"]]
        groups = rows.dropna(subset=["group_id"]).groupby(["subject_id", "group_id"], as_index=False).min()
        groups = groups.sort_values(["subject_id", "collected_dtc", "group_id"], kind="stable")
        groups["number"] = (groups.groupby("subject_id").cumcount() + 1).astype("str")
        numbered = rows.merge(
            groups[["subject_id", "group_id", "number"]], on=["subject_id", "group_id"], how="left"
        )
        return numbered["number"]

    def map_subject(self, frame: pd.DataFrame, variable: str) -> pd.Series:
        """A column of :attr:`subjects` for the subjects of a frame."""
        return frame["subject_id"].map(self.subjects.set_index("subject_id")[variable])

    def conform(self, domain: str, frame: pd.DataFrame, trace: pd.DataFrame | None = None) -> Dataset:
        """Identify the rows, fit their texts to the build and bring them into the spec's shape."""
        spec = self.specs[domain]
        identified = frame.assign(STUDYID=self.study.studyid, DOMAIN=domain)
        if "subject_id" in frame.columns:
            identified["USUBJID"] = self.study.studyid + "-" + frame["subject_id"].astype("str")
        return Dataset.conform(fit_text(identified, spec, self.agency, self.log), spec, trace)

    def report_homeless(self) -> None:
        """Records for which the study has no domain: HBV-SDTM-001."""
        domains = {c.concept_id: c.domain for c in self.catalog.concepts.values()}
        findings = self.data.findings
        self._report(findings, findings["concept_id"].map(domains), "concept_id")
        events = self.data.events
        self._report(events, events["kind"].map(EVENT_DOMAINS), "term")
        for domain, intervals in (("EX", self.treatments.study), ("CM", self.treatments.other)):
            members = intervals.members
            self._report(members, pd.Series(domain, index=members.index), "mapping_row")

    def _report(self, frame: pd.DataFrame, domain: pd.Series, value: str) -> None:
        lost = frame.assign(domain=domain)[~domain.isin(list(self.specs))]
        for row in lost.to_dict("records"):
            known = isinstance(row["domain"], str)
            self.log.add(
                "HBV-SDTM-001",
                source_id=row["source_id"],
                path=row["path"],
                dataset=row["domain"] if known else "",
                value=row[value],
                message=f"{row[value]} belongs to {row['domain']}, of which this build has no spec"
                if known
                else f"{row[value]} is not a test of the study",
            )
