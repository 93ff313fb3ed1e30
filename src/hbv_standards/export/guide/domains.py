"""Section 3 of the guide, second half: the datasets, what to know of each, and the rules behind them."""

from __future__ import annotations

from hbv_standards.export.guide.content import Bullets, Paragraph, Section, Table, phrase_count, write_count
from hbv_standards.export.guide.dictionaries import list_uncoded
from hbv_standards.export.guide.exposure import build_exposure
from hbv_standards.export.guide.run import Run
from hbv_standards.sdtm.dataset import Dataset

ROUTING = {
    "LB": "analytes of the subject's own body: chemistry, haematology, coagulation, hormones, tumour markers",
    "MB": "the micro-organism itself: its antigens, nucleic acids, detection and quantity",
    "IS": "the immune response: antibodies against a micro-organism, and autoantibodies",
    "GF": "the subject's genome and gene expression",
    "VS": "vital signs",
    "EG": "electrocardiograms",
    "GI": "the digestive system: stiffness, attenuation and images of its organs",
}
"""What a findings domain is for (SDTMIG 3.4, 6.3), told for those that the study has."""

NOTES = {
    "EX": "Protocol-specified treatment as constant-dosing intervals. Doses known not to be given are not in it. What "
    "was given is known as well as the hospital's records tell it: see Evidence of Study Treatment.",
    "EC": "The same treatment as it was recorded, with doses that were not given (ECOCCUR = N).",
    "CM": "Treatment that is not study treatment. Treatment of the disease before the study is here up to the day "
    "before study treatment begins; no administration is in both CM and EX.",
    "SV": "Planned visits that took place or were missed, and unscheduled ones, put together from hospital contacts.",
    "SE": "Elements as they were experienced; EPOCH of all other datasets is derived from it.",
    "IE": "Only criteria that the records show to be unmet. The table eligibility.csv, beside the datasets' folder, "
    "has every subject and criterion with the value, the date and the record that decided, also where it is met or the "
    "records leave it open.",
    "RELREC": "Relations between records that the hospitals state, or of records that are part of another.",
}
"""What a reviewer must know of a dataset that has rows."""

RULES = (
    ("Visits", "VISITNUM"), ("Epochs", "EPOCH"), ("Study day", "DY"), ("Baseline", "LOBXFL"),
    ("Results in standard format", "STRESC"), ("Numeric results", "STRESN"), ("Reference range indicator", "NRIND"),
    ("Limits of quantification", "LLOQ"), ("First study treatment", "RFXSTDTC"), ("Actual arm", "ACTARMCD"),
    ("Missing arm", "ARMNRS"), ("Disposition", "DSDECOD"),
)  # fmt: skip
"""Rules that are told in full, by id of their method."""


def build_inventory(run: Run) -> Section:
    """3.4: every submitted dataset with class, structure, keys and rows."""
    rows = tuple(
        (d.spec.name, d.spec.label, d.spec.cls, ", ".join(d.keys), write_count(len(d.frame)))
        for d in run.list_submitted()
    )
    total = sum(len(d.frame) for d in run.list_submitted())
    said = Paragraph(
        f"{phrase_count(len(rows), 'dataset')} with {phrase_count(total, 'record')} in all. "
        "A dataset without records is not submitted."
    )
    parts = run.list_parts()
    split = (
        (Paragraph(f"Too large for one file and submitted in parts: {', '.join(parts)}."),) if parts else ()
    )
    table = Table("Datasets", ("Dataset", "Label", "Class", "Keys", "Records"), rows)
    return Section("Dataset Inventory", (said, *split, table))


def build_domain_notes(run: Run) -> Section:
    """3.5: routing of results, notes by dataset, supplemental data."""
    submitted = run.list_submitted()
    findings = [d for d in submitted if f"{d.spec.prefix}TESTCD" in d.frame.columns]
    parts = []
    routed = tuple(_phrase_route(d) for d in findings if d.spec.name in ROUTING)
    if routed:
        said = Paragraph(
            "The test decides the domain of a result, not the laboratory that reports it. Results in words and numbers "
            "of one analyte share --TESTCD and differ in --TSTDTL."
        )
        parts.append(Section("Routing of Results", (said, Bullets(routed))))
    notes = tuple(f"{d.spec.name}: {NOTES[d.spec.name]}" for d in submitted if d.spec.name in NOTES)
    own = tuple(
        f"{d.spec.name}: not a dataset of SDTMIG {run.catalog.study.sdtm.ig}; it follows the general class "
        f"{d.spec.cls} of the model and is marked as non-standard in the define.xml."
        for d in submitted
        if not d.spec.standard
    )
    uncoded = tuple(f"{name}: {note}." for name, note in list_uncoded(run))
    if notes or own or uncoded:
        parts.append(Section("Notes by Dataset", (Bullets((*notes, *uncoded, *own)),)))
    parts += build_exposure(run)
    supplemental = tuple(_list_qualifiers(submitted))
    if supplemental:
        table = Table(
            "Supplemental qualifiers", ("Dataset", "QNAM", "QLABEL", "Origin", "Records"), supplemental
        )
        parts.append(Section("Supplemental Qualifiers", (table,)))
    return Section("Domain Specific Notes", parts=tuple(parts))


def _phrase_route(dataset: Dataset) -> str:
    name, frame = dataset.spec.name, dataset.frame
    tests = phrase_count(frame[f"{name}TESTCD"].nunique(), "test code")
    return f"{name}: {ROUTING[name]}. {tests}, {phrase_count(len(frame), 'record')}."


def _list_qualifiers(submitted: list[Dataset]) -> list[tuple[str, ...]]:
    rows = []
    for dataset in submitted:
        if "QNAM" in dataset.frame.columns:
            counted = dataset.frame.groupby(["QNAM", "QLABEL", "QORIG"], sort=True).size()
            rows += [
                (dataset.spec.name, *map(str, key), write_count(int(n)))
                for key, n in counted.items()
                if isinstance(key, tuple)
            ]
    return rows


def build_results(run: Run) -> Section:
    """3.6: tests with their standard unit, original units, conversions and limits of quantification."""
    rows, limits = [], []
    for dataset in run.list_submitted():
        prefix = dataset.spec.prefix
        if {f"{prefix}TESTCD", f"{prefix}STRESU", f"{prefix}ORRESU"} <= set(dataset.frame.columns):
            rows += _list_units(dataset, prefix)
            limits += _list_limits(dataset, prefix)
    said = Paragraph(
        "Numbers were converted to one standard unit for each test, in exact arithmetic. Original units are with their "
        "number of results; a result whose unit cannot be converted has no standard result."
    )
    table = Table(
        "Tests with units", ("Dataset", "--TESTCD", "Standard unit", "Original units (results)"), tuple(rows)
    )
    parts = [Section("Standard Units", (said, table))]
    factors = _list_conversions(run)
    if factors:
        told = Table("Conversion factors", ("Value-level item", "Conversion"), factors)
        words = Paragraph("Factors are told to six significant digits; the conversion itself is exact.")
        parts.append(Section("Conversions", (words, told)))
    if limits:
        words = Paragraph(
            "A result below or above a limit keeps its comparator in --STRESC and has no --STRESN; the limit stands in "
            "--LLOQ or --ULOQ where the dataset has them."
        )
        told = Table(
            "Results with a comparator",
            ("Dataset", "--TESTCD", "Results", "Below a limit", "Above a limit"), tuple(limits),
        )  # fmt: skip
        parts.append(Section("Results beyond the Limits of Quantification", (words, told)))
    return Section("Results and Units", parts=tuple(parts))


def _list_units(dataset: Dataset, prefix: str) -> list[tuple[str, ...]]:
    code, original, standard = (f"{prefix}{end}" for end in ("TESTCD", "ORRESU", "STRESU"))
    measured = dataset.frame[dataset.frame[original].notna()]
    counted = measured.groupby([code, original], sort=True).size().reset_index(name="n")
    told: dict[str, list[str]] = {}
    for test, unit, n in counted.to_numpy().tolist():
        told.setdefault(test, []).append(f"{unit} ({write_count(n)})")
    standards: dict[str, list[str]] = {}
    for test, unit in sorted(measured[[code, standard]].drop_duplicates().dropna().to_numpy().tolist()):
        standards.setdefault(test, []).append(unit)
    return [
        (dataset.spec.name, test, ", ".join(standards.get(test, ["none"])), ", ".join(units))
        for test, units in told.items()
    ]


def _list_limits(dataset: Dataset, prefix: str) -> list[tuple[str, ...]]:
    frame = dataset.frame
    result = frame[f"{prefix}STRESC"].fillna("")
    marked = frame.assign(below=result.str.startswith("<"), above=result.str.startswith(">"))
    counted = marked.groupby(f"{prefix}TESTCD").agg(
        n=("below", "size"), below=("below", "sum"), above=("above", "sum")
    )
    found = counted[(counted["below"] + counted["above"]) > 0]
    return [
        (dataset.spec.name, str(code), *(write_count(int(n)) for n in row))
        for code, row in zip(found.index, found.to_numpy(), strict=True)
    ]


def _list_conversions(run: Run) -> tuple[tuple[str, str], ...]:
    """Value-level items of the define.xml whose comment tells a factor, each conversion once for an item's name."""
    comments = {comment.oid: comment.text for comment in run.define.comments}
    told: dict[tuple[str, str], None] = {}
    for item in run.define.items:
        text = comments.get(item.comment or "", "")
        if text.startswith("Conversion: "):
            label = item.label if item.label != item.name else ""
            told[(f"{item.name} {label}".strip(), text.removeprefix("Conversion: "))] = None
    return tuple(told)


def build_rules(run: Run) -> Section:
    """3.7: the rules that most of the data hang on, in the words of the define.xml."""
    told = [(title, run.method(method)) for title, method in RULES]
    rows = tuple((title, text) for title, text in told if text)
    said = Paragraph(
        "All methods are in the define.xml; those that most records depend on are repeated here."
    )
    return Section("Derivation Rules", (said, Table("Rules", ("Subject", "Rule"), rows)))
