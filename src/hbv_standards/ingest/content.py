"""Bytes of a file → JSON text in UTF-8, whole or line by line.

Compressed files are known by their first bytes, not by their name. FHIR JSON is UTF-8; a hospital
that sends another encoding declares it in ``site.yaml``, and it is tried where UTF-8 does not fit.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
READ_ERRORS = (OSError, EOFError, zlib.error)  # gzip.BadGzipFile is an OSError


class Decoded(NamedTuple):
    """Text as UTF-8 bytes, and the encoding that it was sent in; ``None`` when no declared one fits."""

    data: bytes
    encoding: str | None


@contextmanager
def open_bytes(path: Path) -> Iterator[tuple[io.BufferedIOBase, io.BufferedReader]]:
    """The content as a stream, decompressed, and the file itself, whose position tells the progress."""
    with path.open("rb") as file:
        packed = file.peek(2)[:2] == _GZIP
        if packed:
            with gzip.GzipFile(fileobj=file) as stream:
                yield stream, file
        else:
            yield file, file


def read_whole(stream: io.BufferedIOBase) -> tuple[bytes, str]:
    """All bytes that can be read, and what went wrong (empty when nothing did)."""
    parts: list[bytes] = []
    try:
        while part := stream.read1(1 << 20):  # gives what is there before a damaged place
            parts.append(part)
    except READ_ERRORS as error:
        return b"".join(parts), describe_read_error(error)
    return b"".join(parts), ""


def describe_read_error(error: BaseException) -> str:
    """Why the rest of a file could not be read."""
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return "the compressed file is cut off or damaged; what came before was used"
    return f"the file could not be read: {type(error).__name__}"


def describe_encodings(encodings: Sequence[str]) -> str:
    """What is wrong with a text that no encoding fits."""
    others = [name for name in encodings if not _is_utf8(name)]
    return f"the text is neither UTF-8 nor {' nor '.join(others)}" if others else "the text is not UTF-8"


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def decode_text(data: bytes, encodings: Sequence[str]) -> Decoded:
    """``data`` as UTF-8 without byte order mark; UTF-8 first, then the declared encodings in their order."""
    if data.isascii():
        return Decoded(data, "utf-8")
    if data[:2] in _UTF16:
        return _transcode(data, ["utf-16"])
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _transcode(data, encodings)
    return Decoded(data, "utf-8")


def _transcode(data: bytes, encodings: Sequence[str]) -> Decoded:
    for encoding in encodings:
        if _is_utf8(encoding):
            continue
        try:
            return Decoded(data.decode(encoding).encode("utf-8"), encoding)
        except UnicodeError:
            continue
    return Decoded(data, None)
