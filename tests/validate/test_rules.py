"""The registry of rules, and the page that shows it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from hbv_standards.validate import list_rules
from hbv_standards.validate.rules import RULES, rule
from hbv_standards.validate.run import MODULES

DOCS = Path(__file__).parents[2] / "docs"
SOURCE = re.compile(r"(IG|SDTM|TCG|CT) [\w.\-]+( [\w.\-]+)?|(CG|FB|TRC)\d{4}(-(CG|FB)\d{4})?|DEF|NMPA|TS-140")


def test_rules_are_told_in_full() -> None:
    for each in list_rules():
        assert re.fullmatch(r"HBV-VAL-\d{3}", each.code)
        assert each.title[0].isupper()
        assert not each.title.endswith(".")
        assert each.cure.endswith(".")
        assert all(SOURCE.fullmatch(source) for source in each.source.split("; ")), each.source


def test_titles_are_unique() -> None:
    titles = [each.title for each in list_rules()]
    assert sorted(set(titles)) == sorted(titles)


def test_a_number_is_given_once() -> None:
    number = next(iter(RULES))
    with pytest.raises(ValueError, match="twice"):
        rule(number, "error", "Again", cure="Take another.", source="DEF")(lambda _: [])


def test_every_module_of_rules_is_asked() -> None:
    """A module with rules that is not imported would never be asked."""
    folder = Path(MODULES[0].__file__ or "").parent
    with_rules = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^@(dataset_)?rule\(", path.read_text("utf-8"), re.M)
    }
    assert with_rules == {module.__name__.rsplit(".", 1)[1] for module in MODULES}


def test_page_shows_the_registry() -> None:
    built = runpy.run_path(str(DOCS / "make_validation_page.py"))["build_page"]()
    assert (DOCS / "validation.md").read_text(encoding="utf-8") == built, "run docs/make_validation_page.py"
