"""The gate: raw entries → columns, typed and lossless, every fault an issue with path and reason.

A resource is decoded once, by the struct of its type. Where that fails the faulty element alone is
left out (HBV-ING-004) and the rest is decoded again; where nothing of worth is left without it the
resource is rejected (HBV-ING-005). Issues never show a value that could be a person's.

:func:`decode_chunk` is pure: the same chunk gives the same columns in this process or another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec
import pyarrow as pa
from msgspec import UNSET, Raw

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.codes import WITHDRAWN
from hbv_standards.ingest.columns import SOURCE_FIELDS, build_columns, build_table_columns
from hbv_standards.ingest.elements import Contained, ResourceMeta
from hbv_standards.ingest.faults import ElementFault, judge_fault, read_fault, remove_element, show_value
from hbv_standards.ingest.fhir_version import read_cue, read_names_cue, read_profiles
from hbv_standards.ingest.head import ResourceHead, read_head, read_type
from hbv_standards.ingest.origin import HINTS, find_origin, read_hint
from hbv_standards.ingest.primitives import is_id, is_instant
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.resource_types import RESOURCE_TYPES
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.rows import Row, Rows
from hbv_standards.ingest.stated import Entry, evaluate_entries
from hbv_standards.ingest.text_faults import find_control_character, mark_lone_surrogates
from hbv_standards.issues import IssueRow

_MOST_FAULTS = 200  # of one resource; more and it is rejected as a whole
_FAULTY = frozenset({"HBV-ING-002", "HBV-ING-003", "HBV-ING-004", "HBV-ING-005"})
_decode_contained = msgspec.json.Decoder(Contained).decode
_DECODERS = {name: msgspec.json.Decoder(kind.struct).decode for name, kind in KINDS.items()}


class GateConfig(NamedTuple):
    """What the gate has to know of the hospitals."""

    stated: Mapping[str, tuple[Entry, ...]] = MappingProxyType({})
    systems: tuple[tuple[str, str], ...] = ()  # identifier system (or its start) → site


class Chunk(NamedTuple):
    """Entries of one file, in order. ``site`` is empty while nobody knows whose they are."""

    file: int
    site: str
    entries: list[RawEntry]


class DecodedChunk(NamedTuple):
    """Columns of a chunk. ``source`` cells and issues count entries of the chunk from 0."""

    file: int
    sources: pa.Table  # columns SOURCE_FIELDS
    tables: dict[str, pa.Table]
    issues: list[IssueRow]


class _Outcome(msgspec.Struct):
    """What became of one entry."""

    head: ResourceHead
    reason: str = ""
    raw: bytes = b""
    cue: str = ""


def decode_chunk(chunk: Chunk, config: GateConfig) -> DecodedChunk:
    """Decode the entries of a chunk. Nothing raises on data; every entry becomes a source."""
    gate = Gate(chunk.site, config)
    sources = [gate.read_entry(entry, number) for number, entry in enumerate(chunk.entries)]
    tables = {name: build_table_columns(name, rows) for name, rows in gate.rows.items() if rows}
    return DecodedChunk(chunk.file, build_columns(sources, SOURCE_FIELDS), tables, gate.issues)


class Gate:
    """Decodes entries one after the other and collects their rows and issues."""

    def __init__(self, site: str, config: GateConfig) -> None:
        self.site = site
        self.config = config
        self.rows = Rows()
        self.issues: list[IssueRow] = []
        self._stated = group_entries(config.stated, site)
        self._position = ""

    def read_entry(self, entry: RawEntry, number: int) -> Row:
        """Decode one entry; returns its source row (cells of :data:`SOURCE_FIELDS`)."""
        before = len(self.issues)
        self._position = entry.position
        raw = entry.json
        digest = hashlib.sha256(raw if entry.xml is None else entry.xml).hexdigest()
        kind = read_type(raw) if not entry.problem and entry.deletion is None else ""
        known = kind in KINDS
        done = self._read_known(kind, raw, number) if known else self._read_other(kind, entry, number)
        head, reason = done.head, done.reason
        if kind in self._stated and not reason:
            self._append_stated(done.raw, kind, number, done.cue)
        return (
            entry.position,
            head.resource_type,
            head.id,
            head.version_id,
            head.last_updated,
            entry.full_url,
            digest,
            entry.scope,
            entry.order,
            reason,
            done.cue,
            read_hint(kind, raw) if kind in HINTS else "",
            "" if self.site else GS.join(sorted(find_origin(entry, head, self.config.systems))),
            len(self.issues) > before and any(i.code in _FAULTY for i in self.issues[before:]),
            entry.deletion is not None,
        )

    def _read_known(self, kind: str, raw: bytes, number: int) -> _Outcome:
        """The element-wise gate around one typed decode."""
        left: set[str] = set()
        for _ in range(_MOST_FAULTS):
            try:
                return self._decode(kind, raw, number)
            except msgspec.ValidationError as error:
                fault = read_fault(error)
            except ElementFault as found:
                fault = found
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                self.rows.drop(number)
                marked = mark_lone_surrogates(raw)
                if marked == raw:
                    return self._reject("HBV-ING-002", kind, raw, number, "", str(error))
                raw = marked
                continue
            self.rows.drop(number)
            verdict = judge_fault(kind, fault.path, raw)
            if verdict.essential is not None:
                return self._reject(
                    "HBV-ING-005", kind, raw, number, fault.path, f"{fault.reason}; {verdict.essential}"
                )
            if not verdict.remove or verdict.remove in left:
                break
            left.add(verdict.remove)
            smaller = self._leave_out(kind, raw, number, verdict.remove, fault)
            if smaller is None:
                break
            raw = smaller
        return self._reject("HBV-ING-005", kind, raw, number, "", "too much of it is not valid FHIR")

    def _decode(self, kind: str, raw: bytes, number: int) -> _Outcome:
        """Decode and append the rows of one resource, or raise its first fault."""
        if b"\\" in raw and b"\\u00" in raw:  # a single byte is found faster
            path = find_control_character(raw)
            if path is not None:
                raise ElementFault(path, "holds a character that FHIR text cannot hold")
        resource = _DECODERS[kind](raw)
        if resource.id and not is_id(resource.id):
            raise ElementFault("id", "is not an id (letters, digits, - and ., at most 64)")
        meta: ResourceMeta = resource.meta if resource.meta is not UNSET else ResourceMeta()
        if meta.last_updated and not is_instant(meta.last_updated):
            raise ElementFault("meta.lastUpdated", "is not an instant")
        head = ResourceHead(kind, resource.id, meta.version_id, meta.last_updated, meta.profile, meta.source)
        status = getattr(resource, "status", UNSET)
        if status in WITHDRAWN:
            self._report("HBV-ING-008", number, f"{kind}.status", message=f"status is {status}")
            return _Outcome(head, "HBV-ING-008", raw)
        _, append, shows_r5 = KINDS[kind]
        append(resource, (number, None, kind), self.rows)
        if resource.contained:
            self._append_contained(kind, resource.contained, number)
        if resource.modifier_extension and bytes(resource.modifier_extension) != b"[]":
            self._report("HBV-ING-015", number, f"{kind}.modifierExtension")
        if "repeated" in self.rows:
            self._report_repeated(number)
        cue = read_profiles(meta.profile)
        if not cue:
            cue = read_names_cue(kind, raw) if shows_r5 is None else ("R5" if shows_r5(resource) else "")
        return _Outcome(head, "", raw, cue)

    def _append_contained(self, kind: str, contained: list[Raw], number: int) -> None:
        for at, raw in enumerate(contained):
            path = f"contained[{at}]"
            try:
                inner = _decode_contained(raw)
                if inner.resource_type not in KINDS:
                    continue
                resource = _DECODERS[inner.resource_type](raw)
                status = getattr(resource, "status", UNSET)
                if status in WITHDRAWN:
                    self._report(
                        "HBV-ING-008", number, f"{kind}.{path}.status", message=f"status is {status}"
                    )
                    continue
                KINDS[inner.resource_type].append(resource, (number, inner.id, f"{kind}.{path}"), self.rows)
            except msgspec.ValidationError as error:
                raise read_fault(error, path) from None
            except ElementFault as fault:
                raise fault.below(path) from None

    def _report_repeated(self, number: int) -> None:
        for _, _, path, count in self.rows.pop("repeated"):
            self._report("HBV-ING-014", number, str(path), message=f"{count} were sent, the first was used")

    def _leave_out(self, kind: str, raw: bytes, number: int, path: str, fault: ElementFault) -> bytes | None:
        value = show_value(kind, fault.path, raw)
        try:
            smaller = remove_element(raw, path)
        except (msgspec.DecodeError, LookupError):
            return None
        more = "" if path == fault.path else f" ({path} was left out)"
        self._report("HBV-ING-004", number, f"{kind}.{fault.path}", value, f"{fault.reason}{more}")
        return smaller

    def _reject(self, code: str, kind: str, raw: bytes, number: int, path: str, message: str) -> _Outcome:
        head = read_head(raw, kind)
        value = show_value(kind, path, raw) if path else ""
        self._report(code, number, f"{kind}.{path}" if path else self._position, value, message)
        return _Outcome(head, code, raw, read_cue(kind, raw, head.profiles))

    def _read_other(self, kind: str, entry: RawEntry, number: int) -> _Outcome:
        """An entry that is no resource, deletes one, or is of a type that the trial does not decode."""
        if entry.problem:
            self._report("HBV-ING-002", number, self._position, message=_describe_problem(entry.problem))
            return _Outcome(ResourceHead(read_type(entry.json)), "HBV-ING-002")
        if entry.deletion is not None:
            deleted = entry.deletion
            self._report("HBV-ING-008", number, message="deleted by the hospital")
            return _Outcome(
                ResourceHead(
                    deleted.resource_type, deleted.resource_id, deleted.version_id, deleted.last_updated
                ),
                "HBV-ING-008",
            )
        head = read_head(entry.json, kind)
        if kind in RESOURCE_TYPES:
            if head.status in WITHDRAWN:
                self._report("HBV-ING-008", number, f"{kind}.status", message=f"status is {head.status}")
                return _Outcome(head, "HBV-ING-008", entry.json)
            return _Outcome(head, "", entry.json, read_cue(kind, entry.json, head.profiles))
        problem = find_json_problem(entry.json)
        if problem is not None:
            self._report("HBV-ING-002", number, self._position, message=problem)
            return _Outcome(head, "HBV-ING-002")
        message = "is not a resource type of FHIR" if kind else "resourceType is missing"
        self._report("HBV-ING-003", number, self._position, kind if kind.isascii() else "", message)
        return _Outcome(head, "HBV-ING-003")

    def _report(self, code: str, number: int, path: str = "", value: str = "", message: str = "") -> None:
        self.issues.append(IssueRow(code, path=path, value=value, message=message, source_id=number))

    def _append_stated(self, raw: bytes, kind: str, number: int, cue: str) -> None:
        for site, entries in self._stated[kind]:
            for stated in evaluate_entries(raw, entries, cue):
                entry, problem = stated.entry, stated.problem
                if problem:
                    self.issues.append(
                        IssueRow("HBV-ING-012", site, path=entry.path, message=problem, source_id=number)
                    )
                else:
                    self.rows["stated"].append((number, None, entry.path, site, entry.field, stated.value))


def group_entries(
    stated: Mapping[str, Sequence[Entry]], site: str
) -> dict[str, list[tuple[str, tuple[Entry, ...]]]]:
    """Resource type → (site, its entries): of the site, or of every site while it is unknown."""
    grouped: dict[str, list[tuple[str, tuple[Entry, ...]]]] = {}
    for name, entries in stated.items():
        if site not in ("", name):
            continue
        for kind in sorted({entry.resource for entry in entries}):
            wanted = tuple(entry for entry in entries if entry.resource == kind)
            grouped.setdefault(kind, []).append((name, wanted))
    return grouped


def find_json_problem(raw: bytes) -> str | None:
    """Why the bytes are no JSON object, None when they are one."""
    try:
        msgspec.json.decode(raw, type=dict[str, Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _describe_problem(str(error))
    return None


def _describe_problem(problem: str) -> str:
    return re.sub(r"`", "", problem).replace("Expected object, got", "should be a JSON object but is")
