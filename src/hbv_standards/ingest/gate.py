"""The gate: raw entries → rows, typed and lossless, every fault an issue with path and reason.

A resource is decoded once, by the struct of its type. Where that fails the faulty element alone is
left out (HBV-ING-004) and the rest is decoded again; where nothing of worth is left without it the
resource is rejected (HBV-ING-005). Issues never show a value that could be a person's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET, Raw

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.codes import WITHDRAWN
from hbv_standards.ingest.elements import Contained, Resource, ResourceMeta
from hbv_standards.ingest.faults import ElementFault, judge_fault, read_fault, remove_element, show_value
from hbv_standards.ingest.fhir_version import read_cue, read_names_cue, read_profiles
from hbv_standards.ingest.head import ResourceHead, read_head, read_type
from hbv_standards.ingest.origin import HINTS, find_origin, read_hint
from hbv_standards.ingest.primitives import is_id, is_instant
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.resource_types import RESOURCE_TYPES
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.rows import Row, Rows
from hbv_standards.ingest.stated import Entry, evaluate_entries, group_entries
from hbv_standards.ingest.text_faults import find_control_character, mark_lone_surrogates
from hbv_standards.ingest.unread import find_unread
from hbv_standards.issues import IssueRow

_MOST_FAULTS = 200  # of one resource; more and it is rejected as a whole
_FAULTY = frozenset({"HBV-ING-002", "HBV-ING-003", "HBV-ING-004", "HBV-ING-005"})
_WORD = re.compile(r"[A-Za-z]{1,40}")
_NO_META = ResourceMeta()
_decode_contained = msgspec.json.Decoder(Contained).decode
_DECODERS = {name: msgspec.json.Decoder(kind.struct).decode for name, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class GateConfig:
    """What the gate has to know of the hospitals."""

    stated: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    systems: tuple[tuple[str, str], ...] = ()  # identifier system (or its start) → site


class _Outcome(msgspec.Struct, gc=False):
    """What became of one entry."""

    resource_type: str
    id: str = ""
    version_id: str = ""
    last_updated: str = ""
    source: str = ""  # meta.source
    reason: str = ""
    raw: bytes = b""
    cue: str = ""


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
        if kind in KINDS:
            try:
                done = self._decode(kind, raw, number)
            except (ValueError, RecursionError, ElementFault):
                done = self._sift(kind, raw, number, before)
        else:
            done = self._read_other(kind, entry, number)
        if kind in self._stated and not done.reason:
            self._append_stated(done.raw, kind, number, done.cue)
        return (
            entry.position,
            done.resource_type,
            done.id,
            done.version_id,
            done.last_updated,
            entry.full_url,
            digest,
            entry.scope,
            entry.order,
            done.reason,
            done.cue,
            read_hint(kind, raw) if kind in HINTS else "",
            "" if self.site else GS.join(sorted(find_origin(entry, done.source, self.config.systems))),
            len(self.issues) > before and any(i.code in _FAULTY for i in self.issues[before:]),
            entry.deletion is not None,
            GS.join(find_unread(kind, done.raw)) if kind in KINDS and not done.reason else "",
        )

    def _sift(self, kind: str, raw: bytes, number: int, before: int) -> _Outcome:
        """Leave out one faulty element after the other until the rest decodes, or reject the resource."""
        left: set[str] = set()
        told: list[IssueRow] = []
        for _ in range(_MOST_FAULTS):
            self.rows.drop(number)
            del self.issues[before:]  # of the attempt before; what was left out is in `told`
            try:
                done = self._decode(kind, raw, number)
            except msgspec.ValidationError as error:
                fault = read_fault(error)
            except ElementFault as found:
                fault = found
            except (ValueError, RecursionError) as error:
                marked = mark_lone_surrogates(raw)
                if marked != raw:
                    raw = marked
                    continue
                return self._reject("HBV-ING-002", kind, raw, number, "", _describe_problem(str(error)))
            else:
                self.issues += told
                return done
            verdict = judge_fault(kind, fault.path, raw)
            smaller = _try_remove(raw, verdict.remove) if verdict.remove not in left else None
            if verdict.essential is not None or smaller is None:
                why = verdict.essential or "the element cannot be taken out"
                self.rows.drop(number)
                self.issues += told
                return self._reject("HBV-ING-005", kind, raw, number, fault.path, f"{fault.reason}; {why}")
            left.add(verdict.remove)
            told.append(_tell_left_out(kind, raw, number, fault, verdict.remove))
            raw = smaller
        self.rows.drop(number)
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
        meta: ResourceMeta = resource.meta if resource.meta is not UNSET else _NO_META
        if meta.last_updated and not is_instant(meta.last_updated):
            raise ElementFault("meta.lastUpdated", "is not an instant")
        withdrawn = _find_withdrawal(kind, resource)
        if withdrawn is not None:
            self._report_withdrawn(number, kind, withdrawn)
            reason = "HBV-ING-008"
        else:
            KINDS[kind].append(resource, (number, None, kind), self.rows)
            if resource.contained or resource.modifier_extension or "repeated" in self.rows:
                self._read_extras(kind, resource, number)
            reason = ""
        cue = read_profiles(meta.profile) if meta.profile else ""
        shows_r5 = KINDS[kind].shows_r5
        if not cue:
            cue = read_names_cue(kind, raw) if shows_r5 is None else ("R5" if shows_r5(resource) else "")
        return _Outcome(kind, resource.id, meta.version_id, meta.last_updated, meta.source, reason, raw, cue)

    def _read_extras(self, kind: str, resource: Resource, number: int) -> None:
        """Contained resources, and what a resource has that is told but not used."""
        if resource.contained:
            self._append_contained(kind, resource.contained, number)
        if resource.modifier_extension and bytes(resource.modifier_extension) != b"[]":
            self._report("HBV-ING-015", number, f"{kind}.modifierExtension")
        if "repeated" in self.rows:
            self._report_repeated(number)

    def _append_contained(self, kind: str, contained: list[Raw], number: int) -> None:
        for at, raw in enumerate(contained):
            path = f"contained[{at}]"
            try:
                inner = _decode_contained(raw)
                if inner.resource_type not in KINDS:
                    continue
                resource = _DECODERS[inner.resource_type](raw)
                withdrawn = _find_withdrawal(inner.resource_type, resource)
                if withdrawn is not None:
                    self._report_withdrawn(number, f"{kind}.{path}", withdrawn)
                    continue
                KINDS[inner.resource_type].append(resource, (number, inner.id, f"{kind}.{path}"), self.rows)
            except msgspec.ValidationError as error:
                raise read_fault(error, path) from None
            except ElementFault as fault:
                raise fault.below(path) from None

    def _report_withdrawn(self, number: int, place: str, withdrawn: tuple[str, str]) -> None:
        element, code = withdrawn
        self._report("HBV-ING-008", number, f"{place}.{element}", message=f"{element} is {code}")

    def _report_repeated(self, number: int) -> None:
        for _, _, path, count in self.rows.pop("repeated"):
            told = f"{count} were sent that cannot be told apart; what they do not agree on was left out"
            self._report("HBV-ING-014", number, str(path), message=told)

    def _reject(self, code: str, kind: str, raw: bytes, number: int, path: str, message: str) -> _Outcome:
        head = read_head(raw, kind)
        value = show_value(kind, path, raw) if path else ""
        self._report(code, number, f"{kind}.{path}" if path else self._position, value, message)
        return _close(head, code, raw)

    def _read_other(self, kind: str, entry: RawEntry, number: int) -> _Outcome:
        """An entry that is no resource, deletes one, or is of a type that the trial does not decode."""
        if entry.problem:
            self._report("HBV-ING-002", number, self._position, message=_describe_problem(entry.problem))
            return _Outcome(read_type(entry.json), reason="HBV-ING-002")
        if entry.deletion is not None:
            gone = entry.deletion
            self._report("HBV-ING-008", number, message="deleted by the hospital")
            return _Outcome(
                gone.resource_type, gone.resource_id, gone.version_id, gone.last_updated, reason="HBV-ING-008"
            )
        head = read_head(entry.json, kind)
        if kind in RESOURCE_TYPES:
            if head.status not in WITHDRAWN:
                return _close(head, "", entry.json)
            self._report("HBV-ING-008", number, f"{kind}.status", message=f"status is {head.status}")
            return _close(head, "HBV-ING-008", entry.json)
        problem = find_json_problem(entry.json)
        if problem is not None:
            self._report("HBV-ING-002", number, self._position, message=problem)
            return _close(head, "HBV-ING-002")
        message = "is not a resource type of FHIR" if kind else "resourceType is missing"
        self._report("HBV-ING-003", number, self._position, kind if _WORD.fullmatch(kind) else "", message)
        return _close(head, "HBV-ING-003")

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


def _find_withdrawal(kind: str, resource: Resource) -> tuple[str, str] | None:
    """Element and code with which the hospital takes the resource back, None where it stands."""
    status = getattr(resource, "status", UNSET)
    if status in WITHDRAWN:
        return "status", str(status)
    read = KINDS[kind].read_withdrawal
    return read(resource) if read is not None else None


def _close(head: ResourceHead, reason: str, raw: bytes = b"") -> _Outcome:
    cue = read_cue(head.resource_type, raw, head.profiles) if raw else ""
    return _Outcome(
        head.resource_type, head.id, head.version_id, head.last_updated, head.source, reason, raw, cue
    )


def _try_remove(raw: bytes, path: str) -> bytes | None:
    try:
        return remove_element(raw, path) if path else None
    except (ValueError, LookupError):
        return None


def _tell_left_out(kind: str, raw: bytes, number: int, fault: ElementFault, removed: str) -> IssueRow:
    more = "" if removed == fault.path else f" ({removed} was left out)"
    value = show_value(kind, fault.path, raw)
    message = f"{fault.reason}{more}"
    return IssueRow(
        "HBV-ING-004", path=f"{kind}.{fault.path}", value=value, message=message, source_id=number
    )


def find_json_problem(raw: bytes) -> str | None:
    """Why the bytes are no JSON object, None when they are one."""
    try:
        msgspec.json.decode(raw, type=dict[str, Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _describe_problem(str(error))
    return None


def _describe_problem(problem: str) -> str:
    return re.sub(r"`", "", problem).replace("Expected object, got", "should be a JSON object but is")
