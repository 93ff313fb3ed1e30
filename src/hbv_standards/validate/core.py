"""CDISC CORE as an outside checker: its command line is run as a process and its JSON report read.

Two command lines are known by their ``--help``: the official one (``core validate -s sdtmig -v 3-4 ...``,
an executable, ``core.py`` or any other way to start it) and a wrapper that takes the folder and writes the
engine's results with ``--json``.  Nothing of the engine is imported.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import pandas as pd

from hbv_standards.issues import Severity
from hbv_standards.standards import CT_VERSION, SDTMIG_VERSION
from hbv_standards.validate.core_report import ENGINE_ERROR, CoreRule, UnreadableReportError, read_report
from hbv_standards.validate.findings import Finding, build_table
from hbv_standards.validate.read import find_data_folder

Progress: TypeAlias = Callable[[str], None]
ProblemKind = Literal["not installed", "time limit", "no result", "rule failed"]

HOW_TO_GET = (
    "CDISC CORE is free: get the executable for your system from the releases of "
    "cdisc-org/cdisc-rules-engine, unpack it, and name it with --core, for example --core ~/core/core"
)
TIMEOUT = 3600.0
"""Seconds that the engine may take."""

_HELP_TIMEOUT = 120.0
_STEP = 0.5
_SHOWN = 300


class CoreProblem(NamedTuple):
    """Why there is no result, or none that is whole."""

    kind: ProblemKind
    told: str


PROBLEMS: Mapping[ProblemKind, tuple[int, Severity, str]] = {
    "not installed": (1, "warning", "CDISC CORE is not there or cannot be started"),
    "time limit": (2, "error", "CDISC CORE took longer than it may"),
    "no result": (3, "error", "CDISC CORE ended without a report that can be read"),
    "rule failed": (ENGINE_ERROR, "warning", "CDISC CORE could not execute a rule; the message names it"),
}
"""Number of the code HBV-CORE-nnn, severity and meaning of what keeps the engine from answering."""


@dataclass(frozen=True)
class CoreResult:
    """What CORE said.

    ``findings`` has the columns of the native ones, with the rule's CORE id as code; what kept the engine
    from answering is a finding, too.  ``rules`` has one row a rule: core_id, status (passed, failed,
    skipped, error), reason, sources, message.  A skipped rule has not passed.
    """

    findings: pd.DataFrame
    rules: pd.DataFrame
    engine: str = ""
    seconds: float = 0.0
    problem: CoreProblem | None = None

    def count(self, status: str) -> int:
        """Rules of a status."""
        return int((self.rules["status"] == status).sum())


@dataclass(frozen=True)
class _Command:
    """How the engine is started: words before its own arguments, and the folder to start it in."""

    words: tuple[str, ...]
    folder: Path | None = field(default=None)


def run_core(
    folder: Path,
    core: Path | Sequence[str],
    *,
    define: Path | None = None,
    timeout: float = TIMEOUT,
    progress: Progress | None = None,
) -> CoreResult:
    """Run CDISC CORE on a submission folder.

    Args:
        folder: the submission folder, as for the native checks.
        core: the executable, ``core.py``, the folder that holds one of them, or the words of a command.
        define: Define-XML; None takes ``define.xml`` beside the datasets if it is there.
        timeout: seconds after which the engine is stopped.
        progress: is told now and then how far the engine is.

    Raises:
        ConfigurationError: no such folder, or no transport file in it.  Whatever happens to the engine is
            a finding and ``problem``.
    """
    place = find_data_folder(folder).resolve()
    beside = place / "define.xml"
    document = define.resolve() if define is not None else beside if beside.is_file() else None
    command = _find_command(core)
    if command is None:
        return _build_problem("not installed", f"There is no CDISC CORE at {core}. {HOW_TO_GET}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="core-") as scratch:
        report = Path(scratch) / "report.json"
        told = _run(command, place, document, report, timeout, progress)
        seconds = time.monotonic() - began
        if isinstance(told, CoreProblem):
            return _build_problem(told.kind, told.told, seconds)
        try:
            engine, rules, found = read_report(report)
        except UnreadableReportError as error:
            return _build_problem(
                "no result", f"CDISC CORE left no report: {error}. It said: {told}", seconds
            )
    return CoreResult(build_table(found), _build_rules(rules), engine, seconds)


def _find_command(core: Path | Sequence[str]) -> _Command | None:
    if not isinstance(core, Path):
        words = tuple(core)
        return _Command(words) if words and shutil.which(words[0]) else None
    path = core
    if path.is_dir():
        inside = (path / name for name in ("core", "core.exe", "core.py"))
        path = next((each for each in inside if each.is_file()), path)
    if not path.is_file():
        found = shutil.which(str(core)) if core.name == str(core) else None
        return None if found is None else _Command((found,))
    whole = path.resolve()
    if os.access(whole, os.X_OK):
        return _Command((str(whole),), whole.parent)
    # The engine looks for its cache beside itself, so it is started where it is.
    return _Command((sys.executable, str(whole)), whole.parent) if whole.suffix == ".py" else None


def _ask_help(command: _Command, *words: str) -> str:
    try:
        asked = subprocess.run(
            [*command.words, *words, "--help"],
            cwd=command.folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_HELP_TIMEOUT,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout + asked.stderr


def _build_arguments(command: _Command, place: Path, define: Path | None, report: Path) -> list[str]:
    if "--json" in _ask_help(command):
        stated = ["--define", str(define)] if define is not None else []
        return [*command.words, str(place), *stated, "--json", str(report)]
    known = _ask_help(command, "validate")
    arguments = ["validate", "-s", "sdtmig", "-v", SDTMIG_VERSION.replace(".", "-"), "-d", str(place)]
    arguments += ["-of", "JSON", "-o", str(report.with_suffix(""))]
    if define is not None:
        arguments += ["-dxp", str(define)]
    optional = (("--filetype", ["-ft", "xpt"]), ("--max-errors-per-rule", ["-me", "1000", "true"]))
    for option, words in (*optional, ("--controlled-terminology-package", ["-ct", f"sdtmct-{CT_VERSION}"])):
        if option in known:
            arguments += words
    return [*command.words, *arguments]


def _run(
    command: _Command,
    place: Path,
    define: Path | None,
    report: Path,
    timeout: float,
    progress: Progress | None,
) -> str | CoreProblem:
    """Run to the end or to the time limit; the last words of the engine, or what went wrong."""
    log = report.with_name("log.txt")
    began = time.monotonic()
    try:
        with log.open("wb") as sink:
            process = subprocess.Popen(
                _build_arguments(command, place, define, report),
                cwd=command.folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        return CoreProblem("not installed", f"CDISC CORE cannot be started: {error}. {HOW_TO_GET}")
    while True:
        elapsed = time.monotonic() - began
        try:
            process.wait(min(_STEP, max(0.01, timeout - elapsed)))
            return _read_last_words(log)
        except subprocess.TimeoutExpired:
            if progress is not None:
                progress(f"CDISC CORE: {elapsed:.0f} s")
        if time.monotonic() - began >= timeout:
            _stop(process)
            told = f"CDISC CORE was stopped after {timeout:g} s; give it more time."
            return CoreProblem("time limit", f"{told} It said: {_read_last_words(log)}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the engine and the processes that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _read_last_words(log: Path) -> str:
    words = " ".join(log.read_text(encoding="utf-8", errors="replace").split())
    return words[-_SHOWN:] or "nothing"


def _build_problem(kind: ProblemKind, told: str, seconds: float = 0.0) -> CoreResult:
    number, severity, _ = PROBLEMS[kind]
    finding = Finding(f"HBV-CORE-{number:03d}", severity, "", "", 0, "", "", "", told, 1, "CDISC CORE")
    return CoreResult(build_table([finding]), _build_rules([]), "", seconds, CoreProblem(kind, told))


def _build_rules(rules: Sequence[CoreRule]) -> pd.DataFrame:
    ordered = sorted(rules, key=lambda each: each.core_id)
    return pd.DataFrame(ordered, columns=list(CoreRule._fields), dtype="str")
