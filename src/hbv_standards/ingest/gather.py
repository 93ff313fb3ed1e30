"""Files → decoded chunks, in this process or several, gathered in the order of the input."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from hbv_standards.ingest.decode import Chunk, DecodedChunk, GateConfig, decode_chunk
from hbv_standards.ingest.files import InputFile
from hbv_standards.ingest.raw import FileProblem, RawEntry
from hbv_standards.ingest.split import FileReader
from hbv_standards.issues import IssueRow

Progress: TypeAlias = Callable[[str, int, int], None]

_CHUNK_ENTRIES = 2000
_CHUNK_BYTES = 8 << 20


@dataclass(slots=True)
class Gathered:
    """All decoded chunks. Sources are counted over the run, in the order in which they were read."""

    files: Sequence[InputFile]
    count: int = 0
    sources: list[pa.Table] = field(default_factory=list)
    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    issues: list[IssueRow] = field(default_factory=list)
    file_issues: list[IssueRow] = field(default_factory=list)  # apart: the reader runs ahead of the workers

    def add(self, chunk: DecodedChunk) -> None:
        """Take a chunk in; its ``source`` cells and issues are counted on."""
        size = chunk.sources.num_rows
        files = pa.array(np.full(size, chunk.file))
        self.sources.append(chunk.sources.append_column("file_number", files))
        for name, table in chunk.tables.items():
            shifted = pa.array(table.column("source").to_numpy() + self.count)
            self.tables.setdefault(name, []).append(table.set_column(0, "source", shifted))
        self.issues += [i._replace(source_id=i.source_id + self.count) for i in chunk.issues]
        self.count += size


def gather_files(
    files: Sequence[InputFile],
    encodings: Callable[[str], Sequence[str]],
    config: GateConfig,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Gathered:
    """Read and decode the files. ``jobs`` processes decode; the result is the same for any number."""
    gathered = Gathered(files)
    chunks = _build_chunks(files, encodings, gathered, progress)
    decoded = (
        (decode_chunk(chunk, config) for chunk in chunks) if jobs <= 1 else _decode(chunks, config, jobs)
    )
    for chunk in decoded:
        gathered.add(chunk)
    return gathered


def _decode(chunks: Iterable[Chunk], config: GateConfig, jobs: int) -> Iterator[DecodedChunk]:
    """Decode in a process pool, in order, with only a few chunks under way: they hold the raw bytes."""
    waiting: deque[Future[DecodedChunk]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        for chunk in chunks:
            waiting.append(pool.submit(decode_chunk, chunk, config))
            while len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _build_chunks(
    files: Sequence[InputFile],
    encodings: Callable[[str], Sequence[str]],
    gathered: Gathered,
    progress: Progress | None,
) -> Iterator[Chunk]:
    sizes = [file.path.stat().st_size for file in files]
    total, done = sum(sizes), 0
    for number, (file, size) in enumerate(zip(files, sizes, strict=True)):
        entries: list[RawEntry] = []
        held = 0
        reader = FileReader(file, encodings(file.site))
        for part in reader:
            if isinstance(part, FileProblem):
                gathered.file_issues.append(build_file_issue(file, part))
                continue
            entries.append(part)
            held += len(part.json)
            if len(entries) >= _CHUNK_ENTRIES or held >= _CHUNK_BYTES:
                yield Chunk(number, file.site, entries)
                entries, held = [], 0
                if progress is not None:
                    progress(file.name, done + reader.offset, total)
        if entries:
            yield Chunk(number, file.site, entries)
        done += size
        if progress is not None:
            progress(file.name, done, total)


def build_file_issue(file: InputFile, problem: FileProblem) -> IssueRow:
    """The issue of a file as a whole."""
    return IssueRow(problem.code, file.site, file.name, message=problem.message)
