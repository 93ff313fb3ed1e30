"""What all datasets of a document share: codelists, comments, methods in use and dictionary versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from hbv_standards.export.define.codelists import CodeLists
from hbv_standards.export.define.model import Comment, Item, Method, ValueList, WhereClause
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.spec import MethodSpec
from hbv_standards.study import validate_part
from hbv_standards.study_rules import StudyPart
from hbv_standards.yaml_text import read_yaml

SETTINGS = "define.yaml"


class DefineSettings(StudyPart):
    """Optional file ``define.yaml`` of a study folder: what a reviewer must know and no other file says."""

    protocol: str | None = None  # name of the protocol; the study's identifier when None
    dictionaries: dict[str, str] = Field(default_factory=dict)  # LOINC, ISO 3166, MedDRA -> version


def read_settings(folder: Path) -> DefineSettings:
    """Read ``define.yaml``; defaults where the study has none. Raises :class:`ConfigurationError`."""
    path = folder / SETTINGS
    if not path.is_file():
        return DefineSettings()
    return validate_part(DefineSettings, read_yaml(path, SETTINGS) or {}, SETTINGS)


@dataclass(slots=True)
class Registers:
    """Collects what items refer to, while datasets are described one after the other."""

    catalog: Catalog
    settings: DefineSettings
    codelists: CodeLists
    methods: Mapping[str, MethodSpec]
    labels: Mapping[str, str]  # of datasets, by name
    items: list[Item] = field(default_factory=list)
    value_lists: list[ValueList] = field(default_factory=list)
    where_clauses: dict[str, WhereClause] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)  # comment of the engine's own -> its Chinese
    _used: set[str] = field(default_factory=set)
    _comments: dict[str, str] = field(default_factory=dict)

    def add_comment(self, text: str | None, place: str) -> str | None:
        """OID of the comment, named after the first ``place`` (LB.LBSPEC) that makes it."""
        if text is None:
            return None
        words = " ".join(text.split())
        return self._comments.setdefault(words, f"COM.{place}")

    def add_made(self, english: str, chinese: str, place: str) -> str | None:
        """OID of a comment that the engine words itself, in both languages."""
        self.made[" ".join(english.split())] = chinese
        return self.add_comment(english, place)

    def add_method(self, name: str | None) -> str | None:
        """OID of a method of ``methods.yaml``."""
        if name is None:
            return None
        self._used.add(name)
        return f"MT.{name}"

    def add_dictionary(self, name: str) -> str:
        """OID of the codelist that stands for an external dictionary."""
        return self.codelists.add_dictionary(name, self.settings.dictionaries.get(name))

    def build_methods(self) -> tuple[Method, ...]:
        """Methods in use, by OID."""
        used = [self.methods[name] for name in sorted(self._used)]
        return tuple(Method(f"MT.{m.id}", m.name, m.type, m.description) for m in used)

    def build_comments(self) -> tuple[Comment, ...]:
        """Comments by OID."""
        return tuple(Comment(oid, text) for oid, text in sorted((o, t) for t, o in self._comments.items()))
