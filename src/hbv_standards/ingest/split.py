"""A file → its raw entries, in the order of the file, whatever form they have in it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec
from msgspec import Raw

from hbv_standards.ingest.bundles import salvage_entries, split_document, split_resource
from hbv_standards.ingest.content import (
    READ_ERRORS,
    decode_text,
    describe_encodings,
    describe_read_error,
    open_bytes,
    read_whole,
)
from hbv_standards.ingest.files import InputFile
from hbv_standards.ingest.raw import FileProblem, RawEntry
from hbv_standards.ingest.xml_reader import split_xml

Part: TypeAlias = RawEntry | FileProblem

_BLANK = b" \t\r\n"
_TYPED = (b'{"resourceType":"', b'{"resourceType": "')
_BUNDLE = (b'{"resourceType":"Bundle"', b'{"resourceType": "Bundle"')


class FileReader:
    """Iterates over the entries and problems of a file.

    Nothing raises on data: what cannot be read is a :class:`FileProblem` or an entry with a
    ``problem``. ``encodings`` are the declared ones, see :func:`.content.decode_text`.
    """

    def __init__(self, file: InputFile, encodings: Sequence[str]) -> None:
        self._file = file
        self._encodings = encodings
        self._packed: io.BufferedReader | None = None

    @property
    def offset(self) -> int:
        """Bytes of the file that were read so far."""
        return self._packed.tell() if self._packed is not None else 0

    def __iter__(self) -> Iterator[Part]:
        try:
            with open_bytes(self._file.path) as (stream, packed):
                self._packed = packed
                yield from split_stream(stream, self._file.kind, self._encodings)
                self._packed = None
        except READ_ERRORS as error:
            yield FileProblem("HBV-ING-001", describe_read_error(error))


def split_stream(stream: io.BufferedIOBase, kind: str, encodings: Sequence[str]) -> Iterator[Part]:
    """Entries and problems of a stream of bytes, of a kind of :data:`.files.FileKind`."""
    if kind == "ndjson":
        return _split_lines(stream, encodings)
    return _split_whole(stream, encodings, kind)


def _split_whole(stream: io.BufferedIOBase, encodings: Sequence[str], kind: str) -> Iterator[Part]:
    data, problem = read_whole(stream)
    if problem:
        yield FileProblem("HBV-ING-001", problem)
    if not data.strip(_BLANK):
        if not problem:
            yield FileProblem("HBV-ING-001", "the file is empty")
        return
    start = data[:256].lstrip(b"\xef\xbb\xbf" + _BLANK)[:1]
    if kind == "xml" or (kind == "unknown" and start == b"<"):
        yield from split_xml(data, encodings)
    elif kind == "unknown" and start not in (b"{", b"["):
        yield FileProblem("HBV-ING-013", "neither its name nor its first character is of JSON or XML")
    else:
        yield from _split_json(data, encodings)


def _split_json(data: bytes, encodings: Sequence[str]) -> Iterator[Part]:
    text = decode_text(data, encodings)
    if text.encoding is None:
        yield FileProblem("HBV-ING-001", describe_encodings(encodings))
        return
    if text.encoding != "utf-8":
        yield FileProblem("HBV-ING-010", f"read as {text.encoding}")
    document = text.data.strip(_BLANK)
    try:
        yield from split_document(document)
    except (msgspec.DecodeError, RecursionError) as error:
        yield from _split_broken(document, encodings, str(error))


def _split_broken(document: bytes, encodings: Sequence[str], reason: str) -> Iterator[Part]:
    """A .json file that is no JSON document: NDJSON under a wrong name, or a damaged Bundle."""
    first, _, rest = document.partition(b"\n")
    if rest.strip(_BLANK) and _is_document(first):
        for number, line in enumerate(document.split(b"\n"), 1):
            yield from _split_line(number, line, encodings)
        return
    salvaged = list(salvage_entries(document))
    if not salvaged:
        yield RawEntry("", document, problem=reason)
        return
    yield FileProblem("HBV-ING-001", f"{reason}; the sound entries were used")
    yield from salvaged


def _is_document(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _split_lines(stream: io.BufferedIOBase, encodings: Sequence[str]) -> Iterator[Part]:
    """NDJSON, streamed. A file that starts as a pretty-printed document, or is UTF-16, is read whole."""
    lines = _read_lines(stream)
    said: set[str] = set()
    seen = False
    for number, line in enumerate(lines, 1):
        if isinstance(line, FileProblem):
            yield line
            return
        if line.startswith(_TYPED) and line.isascii() and not line.startswith(_BUNDLE):
            seen = True  # by far the most lines
            yield RawEntry(f"line {number}", line.rstrip())
            continue
        if not seen:
            seen = bool(line.strip(_BLANK))
            start = line.removeprefix(b"\xef\xbb\xbf").strip(_BLANK)
            if start in (b"{", b"[") or line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                yield from _split_rest(line, lines, encodings)
                return
        for part in _split_line(number, line, encodings):
            if isinstance(part, FileProblem):
                if part.message in said:
                    continue
                said.add(part.message)
            yield part
    if not seen:
        yield FileProblem("HBV-ING-001", "the file is empty")


def _read_lines(stream: io.BufferedIOBase) -> Iterator[bytes | FileProblem]:
    try:
        yield from stream
    except READ_ERRORS as error:
        yield FileProblem("HBV-ING-001", describe_read_error(error))


def _split_rest(
    first: bytes, lines: Iterator[bytes | FileProblem], encodings: Sequence[str]
) -> Iterator[Part]:
    parts = [first]
    for line in lines:
        if isinstance(line, FileProblem):
            yield line
        else:
            parts.append(line)
    yield from _split_json(b"".join(parts), encodings)


def _split_line(number: int, line: bytes, encodings: Sequence[str]) -> Iterator[Part]:
    position = f"line {number}"
    if not line.isascii():
        text = decode_text(line, encodings)
        if text.encoding is None:
            yield RawEntry(position, line, problem=describe_encodings(encodings))
            return
        if text.encoding != "utf-8":
            yield FileProblem("HBV-ING-010", f"read as {text.encoding}")
        line = text.data
    line = line.strip(_BLANK)
    if line.startswith(_TYPED) and not line.startswith(_BUNDLE):  # a look into every line would cost
        yield RawEntry(position, line)
    elif b'"Bundle"' in line or line[:1] == b"[":
        yield from _split_complex_line(position, line)
    elif line:
        yield RawEntry(position, line)


def _split_complex_line(position: str, line: bytes) -> Iterator[Part]:
    try:
        if line[:1] == b"[":
            yield from list(split_document(line, position))
        else:
            yield from list(split_resource(line, position))
    except (msgspec.DecodeError, RecursionError) as error:
        yield RawEntry(position, line, problem=str(error))
