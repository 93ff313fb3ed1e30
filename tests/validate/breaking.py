"""Ways to break a study: each verb gives a function that changes a :class:`~.writing.Study` in one place.

Rows are counted from 1, as in the findings.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from .writing import Study

Change = Callable[[Study], None]


def put(dataset: str, row: int, **values: object) -> Change:
    """Set cells of one record."""

    def change(study: Study) -> None:
        frame = study.frame(dataset)
        for name, value in values.items():
            frame.loc[row - 1, name] = value

    return change


def put_all(dataset: str, **values: object) -> Change:
    """Set cells of all records; a new variable is added in the standard's place."""

    def change(study: Study) -> None:
        frame = study.frame(dataset)
        for name, value in values.items():
            frame[name] = value

    return change


def copy_record(dataset: str, row: int, **values: object) -> Change:
    """Add a copy of a record, changed, behind the last one."""

    def change(study: Study) -> None:
        frame = study.frame(dataset)
        added = frame.iloc[[row - 1]].assign(**values)
        study.datasets[dataset].frame = pd.concat([frame, added], ignore_index=True)

    return change


def remove_records(dataset: str, *rows: int) -> Change:
    """Leave records out."""

    def change(study: Study) -> None:
        kept = study.frame(dataset).drop(index=[row - 1 for row in rows])
        study.datasets[dataset].frame = kept.reset_index(drop=True)

    return change


def drop(dataset: str, *names: str) -> Change:
    """Leave variables out, or the whole dataset when none is named."""

    def change(study: Study) -> None:
        if names:
            study.datasets[dataset].frame = study.frame(dataset).drop(columns=list(names))
        else:
            del study.datasets[dataset]

    return change


def rename_domain(domain: str, new: str) -> Change:
    """Give a dataset another domain: name, DOMAIN and the prefix of the variables."""

    def change(study: Study) -> None:
        dataset = study.datasets.pop(domain)
        names = {name: new + name[2:] for name in dataset.frame if name.startswith(domain)}
        dataset.frame = dataset.frame.rename(columns=names).assign(DOMAIN=new)
        study.datasets[new] = dataset

    return change


def label(dataset: str, text: str, variable: str = "") -> Change:
    """Change the label of a dataset or of a variable."""

    def change(study: Study) -> None:
        if variable:
            study.datasets[dataset].labels[variable] = text
        else:
            study.datasets[dataset].label = text

    return change


def allot(dataset: str, variable: str, length: int) -> Change:
    """State a length."""

    def change(study: Study) -> None:
        study.datasets[dataset].lengths[variable] = length

    return change


def make_text(dataset: str, variable: str) -> Change:
    """Write a Num variable as Char."""

    def change(study: Study) -> None:
        frame = study.frame(dataset)
        texts = ["" if pd.isna(number) else f"{number:g}" for number in frame[variable]]
        frame[variable] = pd.Series(texts, dtype=object)
        study.datasets[dataset].types[variable] = "Char"

    return change


def put_first(dataset: str, variable: str) -> Change:
    """Move a variable to the front."""

    def change(study: Study) -> None:
        names = [name for name in study.frame(dataset) if name != variable]
        study.datasets[dataset].order = [variable, *names]

    return change


def _replace(file: Path, content: bytes) -> None:
    """Write a new file, never into one that is linked to the clean study's."""
    file.unlink()
    file.write_bytes(content)


def _afterwards(act: Callable[[Path], None]) -> Change:
    def change(study: Study) -> None:
        study.after.append(act)

    return change


def patch(file: str, old: bytes, new: bytes) -> Change:
    """Replace bytes of a written file, once, by as many others."""

    def act(folder: Path) -> None:
        content = (folder / file).read_bytes()
        assert old in content, old
        assert len(old) == len(new)
        _replace(folder / file, content.replace(old, new, 1))

    return _afterwards(act)


def edit_define(old: str, new: str) -> Change:
    """Replace text of the Define-XML, once."""

    def act(folder: Path) -> None:
        text = (folder / "define.xml").read_text(encoding="utf-8")
        assert old in text, old
        _replace(folder / "define.xml", text.replace(old, new, 1).encode())

    return _afterwards(act)


def append_bytes(file: str, tail: bytes) -> Change:
    """Write behind the end of a file."""
    return _afterwards(lambda folder: _replace(folder / file, (folder / file).read_bytes() + tail))


def append_member(file: str, other: str) -> Change:
    """Write the dataset of another file behind that of a file."""

    def act(folder: Path) -> None:
        member = (folder / other).read_bytes()[3 * 80 :]
        _replace(folder / file, (folder / file).read_bytes() + member)

    return _afterwards(act)


def empty_file(file: str) -> Change:
    """Cut a file behind the header of its observations."""

    def act(folder: Path) -> None:
        content = (folder / file).read_bytes()
        end = content.index(b"HEADER RECORD*******OBS     ") + 80
        _replace(folder / file, content[:end])

    return _afterwards(act)


def move_file(file: str, new: str) -> Change:
    """Give a file another name."""

    def act(folder: Path) -> None:
        (folder / file).rename(folder / new)

    return _afterwards(act)


def copy_file(file: str, new: str) -> Change:
    """Copy a file beside itself."""

    def act(folder: Path) -> None:
        shutil.copy(folder / file, folder / new)

    return _afterwards(act)


def leave_out_define(study: Study) -> None:
    """Write no Define-XML."""
    study.define = False
