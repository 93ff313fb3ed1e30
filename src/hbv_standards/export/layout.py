"""Where the SDTM datasets lie in a submission folder: in ``sdtm``, or as module 5 of the eCTD has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.define import Define
from hbv_standards.export.xpt import XptFile

PLAIN = "sdtm"
ECTD = "m5/datasets/{study}/tabulations/sdtm"
ELIGIBILITY = "eligibility.csv"
"""Beside the folder of the datasets: it is no part of what SDTM submits."""


@dataclass(frozen=True, slots=True)
class SubmissionFiles:
    """The XPT files of a submission by dataset, and their place in its folder.

    ``parts`` names the domain of each dataset that is a part of one, ``define`` is what define.xml says.
    """

    place: str
    files: Mapping[str, XptFile]
    parts: Mapping[str, str]
    define: Define


def locate_sdtm(studyid: str, *, ectd: bool) -> str:
    """Place of the datasets, relative to the submission folder, with ``/``.

    A folder of the eCTD is named in lower case letters, digits and hyphens. Raises
    :class:`ConfigurationError` when STUDYID has none of them.
    """
    if not ectd:
        return PLAIN
    study = re.sub(r"[^a-z0-9]+", "-", studyid.lower()).strip("-")
    if not study:
        raise ConfigurationError(
            "no letter or digit for the eCTD's folder name; give the study an ASCII identifier, or omit --ectd",
            file="study.yaml",
            value=studyid,
        )
    return ECTD.format(study=study)


def find_sdtm_folder(folder: Path) -> Path:
    """The folder of the datasets of a submission folder of either layout; ``folder`` itself when none has any."""
    places = (folder / PLAIN, *sorted(folder.glob(ECTD.format(study="*"))))
    return next((place for place in places if any(place.glob("*.xpt"))), folder)
