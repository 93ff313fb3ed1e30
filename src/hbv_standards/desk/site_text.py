"""The text of a new hospital's ``site.yaml``, and its line in ``study.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from hbv_standards.desk.seen_extensions import SeenExtension
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.site import Enrolment, SiteConfig
from hbv_standards.study import StudySite

_FILE = "study.yaml"


def write_site_yaml(config: SiteConfig, extensions: Sequence[SeenExtension] = ()) -> str:
    """``site.yaml`` of a hospital as it was detected; ``extensions`` are listed for a person to name."""
    lines = [
        "# Written from a delivery. What was seen is stated; `enrolment` is a proposal and is not used while",
        "# its status is proposed.",
        f"site: {_write(config.site)}",
        f"encodings: [{', '.join(config.encodings)}]",
    ]
    if config.default_fhir_version:
        lines.append(f"default_fhir_version: {config.default_fhir_version}")
    if config.identifier_systems:
        lines.append("identifier_systems:            # take out what other hospitals use too")
        lines += [f"  - {_write(system)}" for system in config.identifier_systems]
    lines += _write_enrolment(config.enrolment)
    lines += _write_extensions(extensions)
    text = "\n".join(lines) + "\n"
    if SiteConfig.model_validate(yaml.safe_load(text)) != config:
        raise ConfigurationError(
            "site.yaml could not be written so that it reads the same", value=config.site
        )
    return text


def _write_enrolment(enrolment: Enrolment) -> Iterator[str]:
    yield "enrolment:"
    yield "  status: proposed             # accepted, when the lines below are right"
    yield f"  source: {enrolment.source}"
    if enrolment.source == "ResearchSubject" and enrolment.subject_system is None:
        yield "  # subject_system: the identifier system of the subject number, when there are several"
    for name in ("subject_system", "study", "file", "patient_system"):
        value = getattr(enrolment, name)
        if value is not None:
            yield f"  {name}: {_write(value)}"
    if enrolment.columns:
        yield "  columns:"
        yield from (f"    {name}: {_write(header)}" for name, header in enrolment.columns.items())


def _write_extensions(extensions: Sequence[SeenExtension]) -> Iterator[str]:
    """What is kept in an unusual place, as comments: what an extension means, its address only hints at."""
    yield "# What the hospital keeps in an unusual place goes under `fhirpath`: write the field that it fills"
    yield "# (arm_code, randomized_dtc, status, end_reason, race, ethnic, position ...) and take the # off."
    if not extensions:
        yield "# The delivery holds no extension."
        return
    yield "# fhirpath:"
    for extension in extensions:
        yield f"#   - resource: {extension.resource:<18} # {extension.times} times"
        yield "#     field: ?"
        yield f'#     path: "{extension.path}"'


def _write(text: str) -> str:
    """A text as a YAML scalar, quoted where it has to be."""
    return yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")


def find_free_siteid(sites: Mapping[str, StudySite]) -> str:
    """The number after the largest of the study's site numbers, as wide as they are."""
    numbers = [site.siteid for site in sites.values() if site.siteid.isdigit()]
    width = max((len(number) for number in numbers), default=2)
    following = max((int(number) for number in numbers), default=0) + 1
    return str(following).zfill(width)


def add_site_line(text: str, site: str, siteid: str) -> str:
    """``study.yaml`` with the hospital under ``sites``; everything else stays as it was, comments too.

    The name is the folder's until a person writes the official one. Raises
    :class:`ConfigurationError` where the text has a form in which no line can be put.
    """
    before: dict[str, Any] = yaml.safe_load(text)
    block = _find_sites(text)
    entry = f"{_write(site)}: {{siteid: {_quote(siteid)}, name: {_write(site)}}}"
    if block.flow_style:
        at = block.end_mark.index - 1
        comma = ", " if block.value else ""
        made = f"{text[:at]}{comma}{entry}{text[at:]}"
    else:
        _, last = block.value[-1]
        column = block.value[0][0].start_mark.column
        at = text.find("\n", last.end_mark.index if last.flow_style else last.end_mark.index - 1)
        at = len(text) if at < 0 else at
        end = "" if text[:at].endswith("\n") else "\n"
        made = f"{text[:at]}{end}{' ' * column}{entry}{text[at:]}"
    wanted = {**before, "sites": {**before["sites"], site: {"siteid": siteid, "name": site}}}
    if yaml.safe_load(made) != wanted:
        cure = f"add `{entry}` to `sites` by hand"
        raise ConfigurationError(f"sites: no line could be added; {cure}", file=_FILE, value=site)
    return made


def _find_sites(text: str) -> yaml.MappingNode:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "sites" and isinstance(value, yaml.MappingNode) and value.value:
                return value
    raise ConfigurationError("sites: names no hospital; write the first one by hand", file=_FILE)


def _quote(text: str) -> str:
    return f'"{text}"'
