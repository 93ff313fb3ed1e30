"""What the commands of the mapping desk do with wrong usage, files that cannot be used, and a closed pipe."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from hbv_standards.errors import HbvStandardsError

Command = TypeVar("Command", bound=Callable[..., Any])


def report_usage(command: Command) -> Command:
    """Wrong usage, configuration and files as a message on stderr and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except HbvStandardsError as error:
            click.echo(f"hbv-standards: {error}", err=True)
            sys.exit(2)
        except BrokenPipeError:  # `| head` has read enough; click ends without a word
            raise
        except OSError as error:
            click.echo(f"hbv-standards: {phrase_os_error(error)}", err=True)
            sys.exit(2)

    return run  # type: ignore[return-value]  # wraps keeps the signature, which mypy cannot see


def phrase_os_error(error: OSError) -> str:
    """What the system refused, and what to do; the file is named where the system names it."""
    reason = error.strerror or str(error)
    place = f"{error.filename}: {reason}" if error.filename else reason
    cure = "make room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "close it, or name another"
    return f"{place}; {cure}"
