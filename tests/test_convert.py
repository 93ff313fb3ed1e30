"""The main job as its users meet it: folder, books, determinism, manners."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner

from hbv_standards.cli import main
from hbv_standards.errors import ConfigurationError, NothingConvertedError
from hbv_standards.pipeline import ConvertOptions, convert
from places import HOSPITALS, Submission

KINDS = ["converted", "out of scope", "superseded", "rejected"]


def hash_folder(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_folder_is_the_contracts(submission: Submission) -> None:
    names = set(hash_folder(submission.folder))
    for domain in ("dm", "lb", "mb", "is", "ex", "vs", "se", "sv", "ta", "te", "tv"):
        assert f"sdtm/{domain}.xpt" in names
        if domain not in ("ta", "te", "tv"):
            assert f"trace/{domain}.parquet" in names
    assert {"issues.csv", "eligibility.csv", "manifest.json", "trace/sources.parquet"} <= names


def test_eligibility_leads_to_records_and_resources(submission: Submission) -> None:
    """Every verdict on the fixtures names a row of the datasets and a resource that was read."""
    table = pd.read_csv(submission.folder / "eligibility.csv", dtype=str, encoding="utf-8-sig")
    manifest = json.loads((submission.folder / "manifest.json").read_text(encoding="utf-8"))
    content = (submission.folder / "eligibility.csv").read_bytes()
    written = manifest["tables"]["eligibility.csv"]
    assert (written["rows"], written["sha256"]) == (len(table), hashlib.sha256(content).hexdigest())
    datasets = submission.result.datasets
    assert len(table) == len(datasets["DM"].frame) * len(datasets["TI"].frame)
    decided = table[table["result"] != "NOT EVALUABLE"]
    assert len(decided) > len(table) / 2
    for row in decided.to_dict("records"):
        for name, seq in zip(row["dataset"].split(";"), row["seq"].split(";"), strict=True):
            frame = datasets[name].frame
            own = frame[(frame["USUBJID"] == row["USUBJID"]) & (frame[f"{name}SEQ"] == float(seq))]
            assert len(own) == 1, row
    sources = pd.read_parquet(submission.folder / "trace" / "sources.parquet")
    known = set(sources["resource_type"] + "/" + sources["resource_id"])
    assert set(decided["resource"].str.split(";").explode()) <= known
    unmet = decided[decided["result"] == "NOT MET"]
    excluded = datasets["IE"].frame
    assert set(zip(excluded["USUBJID"], excluded["IETESTCD"], strict=True)) <= set(
        zip(unmet["USUBJID"], unmet["IETESTCD"], strict=True)
    )


def test_second_run_has_the_same_bytes(submission: Submission, tmp_path: Path) -> None:
    """Other output folder, other order of inputs, other number of workers."""
    inputs = sorted(HOSPITALS.iterdir(), reverse=True)
    convert(inputs, tmp_path / "again", ConvertOptions(jobs=2))
    assert hash_folder(tmp_path / "again") == hash_folder(submission.folder)


def test_books_balance(submission: Submission) -> None:
    manifest = json.loads((submission.folder / "manifest.json").read_text(encoding="utf-8"))
    table = manifest["resources"]["by_site_and_type"]
    assert {row["site"] for row in table} == {"zhongshan", "guangzhou", "foshan"}
    for row in table:
        assert row["read"] == sum(row[kind] for kind in KINDS), row
        assert set(row) == {"site", "resource_type", "read", *KINDS}
    assert manifest["resources"]["total"]["read"] == sum(row["read"] for row in table)
    assert manifest["resources"]["total"]["read"] == count_resources()


def count_resources() -> int:
    """Resources in the fixtures, counted without the library."""
    total = 0
    for path in sorted(HOSPITALS.rglob("*")):
        if path.is_dir():
            continue
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        name = path.name.removesuffix(".gz")
        if name.endswith(".ndjson"):
            total += sum(1 for line in raw.splitlines() if line.strip())
        elif name.endswith(".csv"):
            total += len([line for line in raw.splitlines() if line.strip()]) - 1
        elif name.endswith(".xml"):
            total += len(re.findall(rb"<resource>", raw))
        else:
            total += sum("resource" in entry for entry in json.loads(raw)["entry"])
    return total


def test_every_source_has_an_outcome_and_reason(submission: Submission) -> None:
    sources = pd.read_parquet(submission.folder / "trace" / "sources.parquet")
    assert set(sources["disposition"]) <= set(KINDS)
    assert (sources.loc[sources["disposition"] != "converted", "reason"] != "").all()
    issues = pd.read_csv(submission.folder / "issues.csv", dtype=str)
    rejected = sources[sources["disposition"] == "rejected"]
    assert set(rejected["reason"]) <= set(issues["code"])


def test_manifest_ranks_what_is_unmapped(submission: Submission) -> None:
    """Every unmapped code, unit and text of the issues table, with the records that it costs."""
    manifest = json.loads((submission.folder / "manifest.json").read_text(encoding="utf-8"))
    issues = submission.result.issues
    lost = issues[issues["code"].isin([f"HBV-MAP-00{n}" for n in range(1, 9)])]
    told = manifest["unmapped"]
    assert len(lost) > 0
    assert sum(row["records"] for row in told) == lost["count"].sum()
    assert {(row["site"], row["value"]) for row in told} == set(zip(lost["site"], lost["value"], strict=True))
    assert [row["records"] for row in told] == sorted((row["records"] for row in told), reverse=True)


def test_xpt_agrees_with_manifest_and_result(submission: Submission) -> None:
    manifest = json.loads((submission.folder / "manifest.json").read_text(encoding="utf-8"))
    for name, facts in manifest["datasets"].items():
        path = submission.folder / facts["file"]
        frame, meta = pyreadstat.read_xport(str(path))
        assert len(frame) == facts["rows"] == len(submission.result.datasets[name].frame)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == facts["sha256"]
        assert max(meta.variable_storage_width.values()) <= 200


def test_no_identity_of_a_patient_leaves(submission: Submission) -> None:
    """Names, telephone and identity numbers of the synthetic patients are in no output file."""
    secrets = find_identities()
    assert len(secrets) > 20
    for path in sorted(submission.folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            text = content.decode("utf-8", "ignore")
            if path.suffix == ".parquet":
                text = pd.read_parquet(path).to_csv()
            found = [s for s in secrets if s in text]
            assert found == [], f"{path.name} holds {found[:3]}"


def find_identities() -> set[str]:
    """Name texts, family names and telephone numbers of every Patient in the fixtures."""
    found: set[str] = set()
    for path in sorted(HOSPITALS.rglob("*.json")) + sorted(HOSPITALS.rglob("Patient.ndjson")):
        text = path.read_text(encoding="utf-8", errors="ignore")
        content = [json.loads(line) for line in text.splitlines()] if path.suffix == ".ndjson" else [json.loads(text)]
        for item in content:
            entries = [e["resource"] for e in item.get("entry", []) if "resource" in e] or [item]
            for patient in (r for r in entries if r.get("resourceType") == "Patient"):
                for name in patient.get("name", []):
                    found |= {part for part in (name.get("text"),) if part}
                found |= {t["value"] for t in patient.get("telecom", []) if t.get("value")}
    return {secret for secret in found if len(secret) >= 2}


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(words))
    return done.exit_code, done.output


def test_exit_codes(tmp_path: Path) -> None:
    assert run("convert", str(tmp_path / "nothing"), "--out", str(tmp_path / "o"))[0] == 2
    assert run("convert", str(HOSPITALS))[0] == 2
    code, said = run("convert", str(HOSPITALS), "--out", str(tmp_path / "o"), "--cutoff", "June")
    assert code == 2 and "2025-06-30" in said
    (tmp_path / "zhongshan").mkdir()
    (tmp_path / "zhongshan" / "a.json").write_text('{"resourceType": "Patient", "id": "x"}', encoding="utf-8")
    code, said = run("convert", str(tmp_path / "zhongshan"), "--out", str(tmp_path / "o"))
    assert code == 3 and "enrol" in said
    assert not (tmp_path / "o").exists()


def test_strict_writes_nothing(tmp_path: Path) -> None:
    code, said = run("convert", str(HOSPITALS), "--out", str(tmp_path / "o"), "--strict", "--conformance", "none")
    assert code == 1
    assert "nothing was written" in said
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("command", ["convert", "check", "simulate", "trace"])
def test_help_has_an_example(command: str) -> None:
    code, said = run(command, "--help")
    assert code == 0
    assert f"hbv-standards {command} " in said


def test_trace_leads_to_the_resource(submission: Submission) -> None:
    lb = submission.result.datasets["LB"].frame
    row = lb.iloc[0]
    key = f"{row['USUBJID']}:{int(row['LBSEQ'])}"
    code, said = run("trace", str(submission.folder), "lb", key, "LBSTRESN")
    assert code == 0
    assert f"LBSTRESN = {row['LBSTRESN']:.15g}" in said
    assert "from Observation/" in said
    assert "by mappings/" in said
    code, said = run("trace", str(submission.folder), "LB", "nobody:1")
    assert code == 2 and "USUBJID:LBSEQ" in said and "did you mean" not in said
    code, said = run("trace", str(submission.folder), "LB", "1")
    assert code == 2 and "did you mean '#1'?" in said


def test_trace_tells_the_source_of_a_record_from_that_of_a_value(submission: Submission) -> None:
    """What mapped the test is no source of a study day; its method is, and define.xml names it."""
    code, said = run("trace", str(submission.folder), "LB", "#1", "LBDY")
    assert code == 0
    assert "  origin Derived by Sponsor\n  method Study day: " in said
    assert "no entry of the trace is for LBDY alone" in said
    assert "\nrecord read from Observation/" in said
    assert "\n  test/term of the record mapped by mappings/" in said
    code, said = run("trace", str(submission.folder), "LB", "#1", "VISITNUM")
    assert code == 0 and " for VISITNUM\n" in said and "no entry of the trace" not in said


def test_where_the_nationality_of_a_subject_comes_from(submission: Submission) -> None:
    """A supplemental qualifier leads to what said it, and not to what made the row of its subject."""
    sources = pd.read_parquet(submission.folder / "trace" / "sources.parquet").set_index("source_id")
    supp = pd.read_parquet(submission.folder / "trace" / "suppdm.parquet")
    assert set(supp["source_id"].map(sources["resource_type"])) == {"Patient"}
    assert supp["path"].str.startswith("Patient.extension").all()


def test_every_traced_path_and_row_exists(submission: Submission) -> None:
    lb = pd.read_parquet(submission.folder / "trace" / "lb.parquet")
    sources = pd.read_parquet(submission.folder / "trace" / "sources.parquet")
    whole = lb[lb["variable"] == ""]
    assert len(whole) == len(submission.result.datasets["LB"].frame)
    assert set(lb["source_id"]) <= set(sources["source_id"])
    tables = json.loads((submission.folder / "manifest.json").read_text(encoding="utf-8"))["mapping_tables"]
    files = {row.rsplit(":", 1)[0] for row in whole["mapping_row"].dropna()}
    assert files <= set(tables)


def test_data_cut_leaves_out_what_is_later(tmp_path: Path) -> None:
    result = convert([HOSPITALS], tmp_path / "cut", ConvertOptions(cutoff="2024-03-31", conformance="none"))
    for domain in ("LB", "MB", "VS"):
        dates = result.datasets[domain].frame[f"{domain}DTC"].dropna().str[:10]
        assert (dates <= "2024-03-31").all()
    assert "HBV-SDTM-010" in set(result.issues["code"])
    assert not {"HBV-CAN-006", "HBV-SDTM-011"} & set(result.issues["code"])


def test_folder_of_a_failed_run_stays_as_it_was(submission: Submission, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(submission.folder, tmp_path / "s"))
    before = hash_folder(folder)
    empty = tmp_path / "zhongshan"
    empty.mkdir()
    with pytest.raises(NothingConvertedError):
        convert([empty], folder)
    with pytest.raises(ConfigurationError):
        convert([HOSPITALS], folder, ConvertOptions(study=tmp_path / "no-study"))
    assert hash_folder(folder) == before
