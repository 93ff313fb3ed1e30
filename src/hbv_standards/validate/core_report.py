"""The JSON reports of CDISC CORE, of the official command line and of wrappers around the engine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hbv_standards.issues import Severity
from hbv_standards.validate.findings import Finding

_STATUS = {
    "success": "passed",
    "issue reported": "failed",
    "skipped": "skipped",
    "execution error": "error",
}
ENGINE_ERROR = 4
"""Number of the code of rules that the engine could not execute."""


class UnreadableReportError(Exception):
    """There is no report, or it is not one of CDISC CORE."""


class CoreRule(NamedTuple):
    """What became of one rule: status is passed, failed, skipped or error; ``reason`` why it was skipped."""

    core_id: str
    status: str
    reason: str
    sources: str
    message: str


class _Issue(NamedTuple):
    core_id: str
    dataset: str
    row: int
    usubjid: str
    seq: str
    variables: tuple[str, ...]
    values: tuple[str, ...]
    message: str
    times: int
    executed: bool


def read_report(path: Path) -> tuple[str, list[CoreRule], list[Finding]]:
    """Engine and version, the rules, and the issues as findings.

    Raises:
        UnreadableReportError: no file, no JSON, or another kind of JSON.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableReportError(str(error)) from error
    if not isinstance(report, dict):
        raise UnreadableReportError("the report is no JSON object")
    keys = {key.lower(): value for key, value in report.items()}
    if "rules_report" in keys:
        return _read_official(keys)
    if isinstance(keys.get("rules"), list):
        return _read_results(keys)
    raise UnreadableReportError("the report has neither Rules_Report nor rules")


def _read_official(keys: Mapping[str, Any]) -> tuple[str, list[CoreRule], list[Finding]]:
    details = keys.get("conformance_details")
    engine = _text(details, "CORE_Engine_Version") if isinstance(details, dict) else ""
    listed = _dicts(keys["rules_report"])
    broken = {_text(each, "core_id") for each in listed if _text(each, "status").lower() == "execution error"}
    issues = [_read_detail(each, broken) for each in _dicts(keys.get("issue_details"))]
    issues += _count_rest(issues, _dicts(keys.get("issue_summary")))
    failed = {each.core_id for each in issues if each.executed}
    rules = [_build_rule(each, "", failed) for each in listed]
    return f"CDISC CORE {engine}".strip(), rules, _build_findings(issues, rules)


def _read_detail(detail: Mapping[str, Any], broken: set[str]) -> _Issue:
    core_id = _text(detail, "core_id")
    return _Issue(
        core_id,
        _name_dataset(_text(detail, "dataset")),
        _number(detail.get("row")),
        _text(detail, "USUBJID"),
        _text(detail, "SEQ"),
        _texts(detail.get("variables")),
        _texts(detail.get("values")),
        _text(detail, "message"),
        1,
        core_id not in broken,
    )


def _count_rest(issues: Iterable[_Issue], summary: Iterable[Mapping[str, Any]]) -> Iterator[_Issue]:
    """What the summary counts beyond the issues that are listed."""
    listed = Counter((each.core_id, each.dataset) for each in issues)
    for each in summary:
        core_id, dataset = _text(each, "core_id"), _name_dataset(_text(each, "dataset"))
        rest = _number(each.get("issues")) - listed[core_id, dataset]
        if rest > 0:
            yield _Issue(core_id, dataset, 0, "", "", (), (), _text(each, "message"), rest, executed=True)


def _read_results(keys: Mapping[str, Any]) -> tuple[str, list[CoreRule], list[Finding]]:
    listed = _dicts(keys["rules"])
    issues = [issue for each in listed for issue in _list_issues(each)]
    failed = {each.core_id for each in issues if each.executed}
    rules = [_build_rule(each, _find_reason(each), failed) for each in listed]
    rules += [
        CoreRule(core_id, "skipped", "needs a Define-XML", "", "")
        for core_id in _texts(keys.get("not_applicable"))
    ]
    return _text(keys, "engine"), rules, _build_findings(issues, rules)


def _list_issues(rule: Mapping[str, Any]) -> Iterator[_Issue]:
    for result in _dicts(rule.get("results")):
        status = _text(result, "executionStatus").lower()
        if status not in ("issue reported", "execution error"):
            continue
        executed = status == "issue reported"
        errors = _dicts(result.get("errors"))
        message = _text(result, "message") or _text(rule, "message")
        dataset = _name_dataset(_text(result, "dataset"))
        for each in errors:
            told = message if executed else f"{message}: {_text(each, 'error')} {_text(each, 'message')}"
            yield _read_error(rule, result, each, dataset, told, executed=executed)
        rest = _number(result.get("original_errors_len")) - len(errors)
        if rest > 0 or not errors:
            yield _Issue(_text(rule, "core_id"), dataset, 0, "", "", (), (), message, max(rest, 1), executed)


def _read_error(
    rule: Mapping[str, Any],
    result: Mapping[str, Any],
    error: Mapping[str, Any],
    dataset: str,
    told: str,
    *,
    executed: bool,
) -> _Issue:
    stated = error.get("value")
    held = stated if isinstance(stated, dict) else {}
    variables = _texts(result.get("variables")) or tuple(map(str, held))
    return _Issue(
        _text(rule, "core_id"),
        _name_dataset(_text(error, "dataset")) or dataset,
        _number(error.get("row")),
        _text(error, "USUBJID"),
        _text(error, "SEQ"),
        variables,
        tuple(_text(held, name) for name in variables),
        told.strip(),
        1,
        executed,
    )


def _find_reason(rule: Mapping[str, Any]) -> str:
    """Why a rule was skipped: a missing column says more than 'outside scope'."""
    told = [
        _text(error, "error") or _text(result, "message")
        for result in _dicts(rule.get("results"))
        for error in _dicts(result.get("errors")) or [{}]
    ]
    inside = sorted({each for each in told if each and each != "Outside scope"})
    return inside[0] if inside else ("Outside scope" if told else "")


def _build_rule(rule: Mapping[str, Any], reason: str, failed: set[str]) -> CoreRule:
    core_id, stated = _text(rule, "core_id"), _text(rule, "status").lower()
    status = _STATUS.get(stated, "error")
    if status == "passed" and core_id in failed:  # engines before 0.10 said so
        status = "failed"
    sources = "; ".join(filter(None, (_text(rule, "cdisc_rule_id"), _text(rule, "fda_rule_id"))))
    return CoreRule(core_id, status, reason if status == "skipped" else "", sources, _text(rule, "message"))


def _build_findings(issues: Iterable[_Issue], rules: Iterable[CoreRule]) -> list[Finding]:
    sources = {rule.core_id: rule.sources for rule in rules}
    return [_build_finding(issue, sources.get(issue.core_id, "")) for issue in issues]


def _build_finding(issue: _Issue, sources: str) -> Finding:
    # CORE grades nothing; what FDA rejects a study for (TRC) is an error.
    severity: Severity = "error" if "TRC" in sources and issue.executed else "warning"
    pairs = zip(issue.variables, issue.values, strict=False)
    value = (
        "; ".join(f"{name}={held}" for name, held in pairs)
        if len(issue.variables) > 1
        else "".join(issue.values)
    )
    code, message = issue.core_id, issue.message
    if not issue.executed:
        code = f"HBV-CORE-{ENGINE_ERROR:03d}"
        message = f"{issue.core_id} could not be executed: {message}"
    return Finding(
        code,
        severity,
        issue.dataset,
        ", ".join(name for name in issue.variables if not name.startswith("$")),  # $: the engine's own
        issue.row,
        issue.usubjid,
        issue.seq,
        value,
        message,
        issue.times,
        sources or issue.core_id,
    )


def _name_dataset(name: str) -> str:
    return name.rsplit("/", 1)[-1].upper().removesuffix(".XPT")


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return "" if value is None else str(value).strip()


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(each.strip() for each in value.split(",") if each.strip())
    if not isinstance(value, list):
        return ()
    return tuple("" if each is None else str(each) for each in value)


def _number(value: object) -> int:
    text = "" if value is None else str(value).strip()
    return int(text) if text.isascii() and text.isdigit() else 0
