"""Reading packaged tables, and what is offered for a misspelt name."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards import sdtm_model, sdtmig, tables, terminology

DATA = resources.files("hbv_standards.standards").joinpath("data")

TABLES = {
    "sdtmig34_datasets.csv": (sdtmig.DATASET_COLUMNS, 63),
    "sdtmig34_variables.csv": (sdtmig.VARIABLE_COLUMNS, 1917),
    "sdtm20_model.csv": (sdtm_model.MODEL_COLUMNS, 268),
    "ct_codelists.csv": (terminology.CODELIST_COLUMNS, 151),
    "ct_terms.csv": (terminology.TERM_COLUMNS, 15290),
}


@pytest.mark.parametrize(("file", "columns", "count"), [(file, *facts) for file, facts in TABLES.items()])
def test_read_table_gives_every_row_in_full(file: str, columns: tuple[str, ...], count: int) -> None:
    rows = tables.read_table(file, columns)
    assert len(rows) == count
    assert {len(row) for row in rows} == {len(columns)}
    assert not [row for row in rows if any(cell != cell.strip() or "\n" in cell for cell in row)]


def test_packaged_files_are_the_tables_and_their_description() -> None:
    assert sorted(file.name for file in DATA.iterdir()) == sorted([*TABLES, "README.md"])


def test_packaged_files_are_small_and_plain() -> None:
    contents = {file.name: file.read_bytes() for file in DATA.iterdir()}
    assert sum(map(len, contents.values())) < 1_500_000
    assert [
        name for name, content in contents.items() if b"\r" in content or not content.endswith(b"\n")
    ] == []


@pytest.mark.parametrize(
    ("file", "columns", "part"),
    [
        ("ct_absent.csv", ("codelist",), "missing"),
        ("ct_codelists.csv", ("codelist", "name"), "'extensible'"),
    ],
)
def test_read_table_names_a_damaged_file(file: str, columns: tuple[str, ...], part: str) -> None:
    with pytest.raises(ConfigurationError, match=part) as caught:
        tables.read_table(file, columns)
    assert caught.value.file == file
    assert "install the package again" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "spellings", "n", "nearest"),
    [
        ("mmol/l", [("mol/L", "mol/L"), ("mmol/L", "mmol/L"), ("%", "%")], 3, ["mmol/L", "mol/L"]),
        ("mmol/l", [("mol/L", "mol/L"), ("mmol/L", "mmol/L")], 1, ["mmol/L"]),
        ("Tablet", [("TABLET", "TABLET"), ("Tablet Dosage Form", "TABLET")], 3, ["TABLET"]),
        ("pa", [("PA", "PA"), ("Pa", "Pa")], 3, ["PA", "Pa"]),
        ("xyz", [("mmol/L", "mmol/L")], 3, []),
        ("mmol/L", [("mmol/L", "mmol/L")], 0, []),
        ("", [], 3, []),
    ],
)
def test_rank_nearest(text: str, spellings: list[tuple[str, str]], n: int, nearest: list[str]) -> None:
    assert tables.rank_nearest(text, spellings, n) == nearest


@given(
    text=st.text(max_size=8),
    spellings=st.lists(st.tuples(st.text(max_size=8), st.sampled_from("ABCDE")), max_size=12),
    n=st.integers(0, 6),
)
def test_rank_nearest_offers_known_names_once(text: str, spellings: list[tuple[str, str]], n: int) -> None:
    nearest = tables.rank_nearest(text, spellings, n)
    assert len(nearest) == len(set(nearest)) <= n
    assert set(nearest) <= {name for _, name in spellings}


@given(st.text(min_size=1, max_size=8), st.lists(st.text(max_size=8), max_size=12))
def test_rank_nearest_offers_the_same_spelling_first(text: str, others: list[str]) -> None:
    (first,) = tables.rank_nearest(text, [(name, name) for name in [*others, text]], 1)
    assert first.casefold() == text.casefold()


@pytest.mark.parametrize(
    ("text", "names", "phrase"),
    [
        ("lb", ["LB", "DM"], "; did you mean 'LB'?"),
        ("LBTEST", ["MBTEST", "LBTESTCD"], "; did you mean 'LBTESTCD' or 'MBTEST'?"),
        ("ZZZZ", ["LB", "DM"], ""),
    ],
)
def test_phrase_nearest(text: str, names: list[str], phrase: str) -> None:
    assert tables.phrase_nearest(text, names) == phrase


def test_import_reads_no_table() -> None:
    program = (
        "import sys, hbv_standards.standards as s; from hbv_standards.standards import sdtmig, terminology;"
        "assert sdtmig._read_variables.cache_info().currsize == 0;"
        "assert terminology._read_terms.cache_info().currsize == 0;"
        "assert not {'pandas', 'numpy', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_tables_are_quoted_as_the_csv_module_writes_them() -> None:
    for file, (columns, _) in TABLES.items():
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows([columns, *tables.read_table(file, columns)])
        assert DATA.joinpath(file).read_text(encoding="utf-8") == written.getvalue(), file
