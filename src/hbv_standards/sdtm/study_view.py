"""What all domains share: the records of the build, reference dates, elements and visits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.derive.ascii_text import Agency
from hbv_standards.derive.demographics import DATE_ORDER, derive_reference_dates, find_date_disorder
from hbv_standards.derive.elements import derive_elements
from hbv_standards.derive.units import UnitConverter
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.contacts import Visits, build_visits, list_known_dates
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.eligibility import Eligibility, judge_criteria
from hbv_standards.sdtm.qualifiers import collect_qualifiers, continue_texts, join_qualifiers
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.spec import DatasetSpec
from hbv_standards.sdtm.text import fit_text, order_as_ascii
from hbv_standards.sdtm.treatments import Treatments, build_treatments
from hbv_standards.study import StudyConfig

EVENT_DOMAINS = {
    "disposition": "DS", "milestone": "DS", "adverse event": "AE", "history": "MH", "family history": "APMH",
}  # fmt: skip
SINGLE_DOMAINS = {"use": "SU", "procedure": "PR"}
"""Domains of events and of interventions that are no dosing, by kind."""


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
        self._report_disorder(subjects)
        return subjects

    @cached_property
    def elements(self) -> pd.DataFrame:
        """Elements of the subjects (SE variables, ``start`` and ``end`` as dates)."""
        study, given = self.study, self.treatments.study.rows
        classes = {name: row.treatment_class for name, row in self.catalog.treatments.items()}
        exposure = given.assign(treatment_class=given["treatment_id"].map(classes).astype("str"))
        return derive_elements(self.subjects, study.arms, study.elements, study.epochs, exposure)

    @cached_property
    def visits(self) -> Visits:
        """The visit of every contact."""
        return build_visits(self.data, self.subjects, self.study, self.cutoff, self.log)

    @cached_property
    def eligibility(self) -> Eligibility:
        """Each criterion of the study judged for each subject."""
        return judge_criteria(self)

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

    def conform(
        self,
        domain: str,
        frame: pd.DataFrame,
        trace: pd.DataFrame | None = None,
        collected: Collection[str] = (),
    ) -> Dataset:
        """Identify the rows, fit their texts to the build and bring them into the spec's shape.

        Variables that were ``collected``, or have values that this build cannot hold, stay though they are
        empty: both builds have the same variables.
        """
        spec = self.specs[domain]
        identified = frame.assign(STUDYID=self.study.studyid, DOMAIN=domain)
        if "subject_id" in frame.columns:
            identified["USUBJID"] = self.study.studyid + "-" + frame["subject_id"].astype("str")
        placed = identified.reset_index(drop=True)
        short, further = continue_texts(placed, spec, self.agency)
        declared = collect_qualifiers(placed, spec, self.catalog, self.agency, self.log)
        qualifiers = join_qualifiers([declared, further])
        fitted = fit_text(short, spec, self.agency, self.log)
        order = order_as_ascii(short, spec, self.agency)
        texts = [v.name for v in spec.variables if v.type == "Char" and v.name in short.columns]
        held = {name for name in texts if short[name].notna().any()} | set(collected)
        return Dataset.conform(fitted, spec, trace, qualifiers if len(qualifiers) else None, order, held)

    def _report_disorder(self, subjects: pd.DataFrame) -> None:
        wrong = find_date_disorder(subjects).merge(subjects[["subject_id", "source_id"]], on="subject_id")
        for first, second in DATE_ORDER:
            rows = wrong[(wrong["first"] == first) & (wrong["second"] == second)]
            told = f"{first} " + rows["first_dtc"] + f" lies after {second} " + rows["second_dtc"]
            report_rows(
                self.log,
                "HBV-SDTM-005",
                rows,
                dataset="DM",
                variable=first,
                value=rows["first_dtc"],
                message=told,
            )

    def report_homeless(self) -> None:
        """Records for which the study has no domain: HBV-SDTM-001."""
        domains = {c.concept_id: c.domain for c in self.catalog.concepts.values()}
        findings, events = self.data.findings, self.data.events
        self._report_homeless(findings, findings["concept_id"].map(domains).astype("str"), "concept_id")
        self._report_homeless(events, events["kind"].map(EVENT_DOMAINS).astype("str"), "term")
        single = self.data.interventions[self.data.interventions["kind"].isin(list(SINGLE_DOMAINS))]
        self._report_homeless(single, single["kind"].map(SINGLE_DOMAINS).astype("str"), "treatment_id")
        doses = self.treatments
        records = (("EX", doses.study.members), ("CM", doses.other.members), ("EC", doses.missed))
        for domain, members in records:
            self._report_homeless(
                members, pd.Series(domain, index=members.index, dtype="str"), "treatment_id"
            )

    def _report_homeless(self, frame: pd.DataFrame, domain: pd.Series, name: str) -> None:
        for code in sorted(set(domain.dropna()) - set(self.specs)):
            rows = frame[domain == code]
            told = rows[name] + f" belongs to {code}, of which this build has no spec"
            report_rows(self.log, "HBV-SDTM-001", rows, dataset=code, value=rows[name], message=told)
        unknown = frame[domain.isna()]
        told = unknown[name] + " is not a test of the study"
        report_rows(self.log, "HBV-SDTM-001", unknown, value=unknown[name], message=told)
