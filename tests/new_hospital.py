"""A hospital that no table knows, and the person who makes its tables, played by the truth.

The person looks at every row that ``new-site`` wrote: right proposals are accepted, wrong ones corrected,
open ones filled in. Then come the rows of ``add-rows``, for what could only be seen now, and what is still
unmapped is added. How often a proposal was right is counted on the way.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.propose import Proposals, propose_all
from hbv_standards.desk.seen import read_delivery
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.normalise import normalise_text, normalise_unit
from hbv_standards.mapping.tables import BASE

Row = dict[str, str]
_FREE = ("NOT_DONE_REASON",)  # free text: more than one English sentence is right
_ANSWERS = {("USE_STATUS", "N"): "NEVER"}  # no is as good an answer to whether a substance is used


@dataclass(frozen=True)
class Hospital:
    """An invented delivery: folder of the files, and what is meant by its codes."""

    name: str
    folder: Path

    @property
    def delivery(self) -> Path:
        """The folder of hospitals."""
        return self.folder / "hospitals"

    def read(self, table: str) -> list[Row]:
        """A table of the truth."""
        return read_csv(self.folder / "truth" / f"{table}.csv")


@dataclass
class Score:
    """Answers given before any person decided: right, wrong, or none."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    none: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def count(self, kind: str, sent: str, meant: str, answer: str) -> None:
        """Count one answer."""
        if not answer:
            self.none[kind] += 1
            self.unanswered.append(f"{kind}: {sent} is {meant}")
        elif answer == meant:
            self.right[kind] += 1
        else:
            self.wrong[kind] += 1
            self.faults.append(f"{kind}: {sent} is {meant} and was taken for {answer}")

    def add(self, other: Score) -> None:
        """Add the counts of another score."""
        self.right += other.right
        self.wrong += other.wrong
        self.none += other.none
        self.faults += other.faults
        self.unanswered += other.unanswered

    def kinds(self) -> list[str]:
        """All kinds that were counted."""
        return sorted({*self.right, *self.wrong, *self.none})

    def precision(self, *kinds: str) -> float:
        """Share of the answers that are right; 1 where nothing was answered."""
        right, wrong = self._sum(self.right, kinds), self._sum(self.wrong, kinds)
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, *kinds: str) -> float:
        """Share of everything that was answered right."""
        right = self._sum(self.right, kinds)
        asked = right + self._sum(self.wrong, kinds) + self._sum(self.none, kinds)
        return right / asked if asked else 1.0

    def _sum(self, counts: Counter[str], kinds: Sequence[str]) -> int:
        return sum(counts[kind] for kind in kinds or self.kinds())


def read_csv(path: Path) -> list[Row]:
    """Rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def walk(
    hospital: Hospital,
    study: Path,
    make_site: Callable[[], object],
    add_rows: Callable[[], object] = lambda: None,
) -> Score:
    """Give the hospital its folder in ``study`` and decide everything; the score is that before the decisions.

    ``make_site`` does what ``study new-site`` does, ``add_rows`` what ``study add-rows`` does once the
    codes are decided.
    """
    score = score_codes(hospital, look_at(hospital, study))
    make_site()
    score.add(score_headers(hospital, study))
    decide_codes(hospital, study)
    add_rows()
    seen = look_at(hospital, study)
    score.add(score_words(hospital, seen))
    decide_words(hospital, study, seen)
    return score


def look_at(hospital: Hospital, study: Path) -> Proposals:
    """What ``coverage`` knows and proposes of the delivery by the tables as they are."""
    return propose_all(
        read_delivery([hospital.delivery], read_catalog(study), IssueLog(), site=hospital.name)
    )


def score_codes(hospital: Hospital, proposals: Proposals) -> Score:
    """Tests, drugs, visits and questions as they were answered at first sight."""
    score, meant = Score(), index_codes(hospital)
    for code in proposals.seen.codes:
        truth = meant.get(key_code(code.system, code.code, code.text))
        if truth is None:
            continue
        proposal = proposals.codes.get(code.number)
        chosen = proposal.chosen if proposal else None
        known = code.mapped_to.upper() if code.mapping_row else ""
        answer = (
            f"{chosen.to_code or chosen.to_system} {chosen.field}".strip() if chosen is not None else known
        )
        wanted = f"{truth['to_code'] or truth['to_system']} {truth['field']}".strip()
        score.count(name_kind(truth), code.text, wanted, answer)
    return score


def name_kind(truth: Row) -> str:
    """How codes are counted: questions together, tests that the trial does not want by themselves."""
    if truth["to_system"] == "NOT COLLECTED":
        return "test not collected"
    asked = truth["kind"] in ("use", "family history") or truth["to_code"] == "TRANSM"
    return "question" if asked else truth["kind"]


def score_words(hospital: Hospital, seen: Proposals) -> Score:
    """Units and words as they are answered once the codes are known, without a row of the hospital."""
    score = Score()
    units, values = index_units(hospital), index_values(hospital)
    for unit in seen.seen.units:
        meant = units.get((normalise_unit(unit.spelling), unit.concept_id))
        if meant is not None:
            proposal = seen.units.get(unit)
            chosen = proposal.chosen.to_code if proposal and proposal.chosen else ""
            answer = unit.mapped_to if unit.mapping_row else chosen
            answer = meant if is_same(seen, unit.concept_id, answer, meant) else answer
            score.count("unit", f"{unit.spelling} {unit.concept_id}".strip(), meant, answer)
    for value in seen.seen.values:
        meant = find_value(values, value.codelist, value.source_text, value.concept_id)
        if meant is not None and value.codelist not in _FREE:
            word = seen.values.get(value)
            chosen = word.chosen.to_code if word and word.chosen else ""
            answer = _ANSWERS.get((value.codelist, value.mapped_to), value.mapped_to)
            score.count(
                "value", f"{value.codelist} {value.source_text}", meant["submission_value"], answer or chosen
            )
    return score


def score_headers(hospital: Hospital, study: Path) -> Score:
    """Headers of the enrolment table as site.yaml proposes them."""
    score = Score()
    text = (study / "sites" / hospital.name / "site.yaml").read_text(encoding="utf-8")
    columns = yaml.safe_load(text)["enrolment"].get("columns", {})
    for row in hospital.read("enrolment"):
        score.count("header", row["field"], row["header"], columns.get(row["field"], ""))
    return score


def is_same(seen: Proposals, concept_id: str, answer: str, meant: str) -> bool:
    """Whether two units of a test are of one size: IU/L and U/L of an enzyme."""
    catalog = seen.seen.delivery.catalog
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    way = converter.compute_factor(answer, meant, concept_id=concept_id) if answer and concept_id else None
    return way is not None and (way.factor, way.intercept, way.from_scale) == (1, 0, way.to_scale)


def key_code(system: str | None, code: str | None, text: str | None) -> tuple[str, str, str]:
    """What names a code: its text where it has none."""
    return (system or "", code or "", "" if code else normalise_text(text or ""))


def index_codes(hospital: Hospital) -> dict[tuple[str, str, str], Row]:
    """The truth of codes."""
    return {key_code(row["system"], row["code"], row["text"]): row for row in hospital.read("codes")}


def index_units(hospital: Hospital) -> dict[tuple[str, str], str]:
    """The truth of units, by spelling and test."""
    return {
        (normalise_unit(row["source_text"]), row["concept_id"]): row["unit_value"]
        for row in hospital.read("units")
    }


def index_values(hospital: Hospital) -> dict[tuple[str, str, str], Row]:
    """The truth of words, by codelist, word and test."""
    return {
        (row["codelist"], normalise_text(row["source_text"]), row["concept_id"]): row
        for row in hospital.read("values")
    }


def find_value(
    values: Mapping[tuple[str, str, str], Row], codelist: str, text: str, concept: str
) -> Row | None:
    """What a word means, that of the test first."""
    word = normalise_text(text)
    codelist = "LBSTRESC" if codelist == "MODTRN" and ("MODTRN", word, "") not in values else codelist
    return values.get((codelist, word, concept)) or values.get((codelist, word, ""))


def decide_enrolment(hospital: Hospital, folder: Path) -> None:
    """Name the file and its headers in site.yaml, and accept."""
    config = yaml.safe_load((folder / "site.yaml").read_text(encoding="utf-8"))
    (file,) = (hospital.delivery / hospital.name).glob("*.csv")
    patients = next(s for s in config["identifier_systems"] if "/lis/" not in s and "barcode" not in s)
    config["enrolment"] = {
        "status": "accepted",
        "source": "csv",
        "file": file.name,
        "patient_system": patients,
        "columns": {row["field"]: row["header"] for row in hospital.read("enrolment")},
    }
    config["encodings"] = ["utf-8", "gb18030"]
    (folder / "site.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def decide_codes(hospital: Hospital, study: Path) -> None:
    """Settle site.yaml; accept, correct or fill in every row of codes.csv, and add the rows that it lacks."""
    folder = study / "sites" / hospital.name
    decide_enrolment(hospital, folder)
    path = folder / "codes.csv"
    rows, meant = read_csv(path), index_codes(hospital)
    for row in rows:
        truth = meant.pop(key_code(row["system"], row["code"], row["text"]))
        row.update(
            {name: truth[name] for name in ("kind", "to_system", "to_code", "field")}, status="accepted"
        )
    columns = [*rows[0]]
    rows += [{**dict.fromkeys(columns, ""), **truth, "status": "accepted"} for truth in meant.values()]
    write_csv(path, columns, rows)


def decide_words(hospital: Hospital, study: Path, seen: Proposals) -> None:
    """Accept, correct or fill in units.csv and values.csv, and add rows for what is not answered right."""
    folder = study / "sites" / hospital.name
    units, values = index_units(hospital), index_values(hospital)
    own = {row.unit_value for row in seen.seen.delivery.catalog.lookups[BASE].units if row.extension}
    wrong: dict[tuple[str, ...], Row] = {}
    for unit in seen.seen.units:
        meant = units.get((normalise_unit(unit.spelling), unit.concept_id))
        if meant not in (None, unit.mapped_to):
            wrong[unit.spelling, unit.concept_id] = {
                "source_text": unit.spelling,
                "concept_id": unit.concept_id,
                "unit_value": meant,
                "extension": "Y" if meant in own else "",
            }
    unknown: dict[tuple[str, ...], Row] = {}
    for value in seen.seen.values:
        truth = find_value(values, value.codelist, value.source_text, value.concept_id)
        if truth is not None and truth["submission_value"] != value.mapped_to:
            unknown[truth["codelist"], value.source_text, truth["concept_id"]] = {
                **truth, "codelist": value.codelist, "source_text": value.source_text,
            }  # fmt: skip
    settle_rows(folder / "units.csv", ("source_text", "concept_id"), wrong)
    settle_rows(folder / "values.csv", ("codelist", "source_text", "concept_id"), unknown)


def settle_rows(path: Path, keys: Sequence[str], meant: Mapping[tuple[str, ...], Row]) -> None:
    """Write what is meant over the rows that are there, behind them what is new; the rest is rejected."""
    rows, columns = read_table(path)
    left = dict(meant)
    for row in rows:
        truth = left.pop(tuple(row[key] for key in keys), None)
        row.update(truth or {}, status="accepted" if truth else "rejected")
    rows += [{**dict.fromkeys(columns, ""), **truth, "status": "accepted"} for truth in left.values()]
    write_csv(path, columns, rows)


def read_table(path: Path) -> tuple[list[Row], list[str]]:
    """Rows and header of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader), list(reader.fieldnames or ())


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
