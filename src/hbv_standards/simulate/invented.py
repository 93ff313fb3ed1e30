"""A hospital that no table knows, invented from a name and a seed: its delivery, and what was meant by it."""

from __future__ import annotations

import re
from pathlib import Path

from hbv_standards.errors import ConfigurationError
from hbv_standards.simulate.hospital_names import invent_site
from hbv_standards.simulate.hospitals.guangzhou_style import find_style
from hbv_standards.simulate.protocol import SITES
from hbv_standards.simulate.trial import simulate_site
from hbv_standards.simulate.truth.dictionary import write_dictionary
from hbv_standards.simulate.truth.write import write_truth
from hbv_standards.simulate.write import encode_lines, write_file

_NAME = re.compile(r"[a-z][a-z0-9-]*")


def write_invented(name: str, subjects: int, seed: int, out: Path, *, validate: bool = True) -> None:
    """Write ``out/hospitals/<name>/…`` and ``out/truth/*.csv``; folders are made where missing.

    The hospital sends FHIR R4 as Guangzhou does, with codes, names, units, words, questions and an
    enrolment table of its own. Beside the truth of a trial stand ``codes.csv``, ``units.csv``, ``values.csv``
    and ``enrolment.csv``: what each of its codes, spellings, words and headers means. Equal arguments give
    equal bytes. Raises :class:`ConfigurationError` for a name that cannot be a hospital's folder, or is one of
    the three.
    """
    if not _NAME.fullmatch(name) or name in SITES:
        cure = "a new name in small letters, digits and -, a letter first"
        raise ConfigurationError(f"{name!r} cannot be invented; take {cure}", value=name)
    site = invent_site(name, seed)
    trial = simulate_site(site, subjects, seed)
    for file, data in encode_lines(trial, find_style(site), validate=validate):
        write_file(out / "hospitals" / name / file, data)
    write_truth(trial, out / "truth")
    write_dictionary(site, out / "truth")
