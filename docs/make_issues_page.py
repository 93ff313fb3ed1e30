"""Writes docs/issues.md from the registry of issue codes; a test holds the page to the registry."""

from __future__ import annotations

from pathlib import Path

from hbv_standards.issues import KINDS

FAMILIES = {
    "ING": "Reading FHIR", "CNF": "FHIR conformance", "ENR": "Enrolment", "MAP": "Mapping tables",
    "CAN": "Canonical records", "SDTM": "SDTM",
}  # fmt: skip


def build_page() -> str:
    """The page: one paragraph for each code, by family."""
    parts = [
        "# Issue codes\n\nCodes are stable: none is renumbered or reused. `error`: the result cannot be relied on "
        "until it is mended, and the run ends with exit code 1. `warning`: something was left out or changed in "
        "form, and is named. `info`: for the record. `--strict` writes nothing while there is an error or anything "
        "of the family HBV-MAP.\n"
    ]
    family = ""
    for kind in KINDS.values():
        own = kind.code.split("-")[1]
        if own != family:
            family = own
            parts.append(f"\n# {FAMILIES[own]}\n")
        parts.append(f"\n## {kind.code}\n\n**{kind.title}** ({kind.severity}). {kind.cure}\n")
    return "".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("issues.md").write_text(build_page(), encoding="utf-8")
