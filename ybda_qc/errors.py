"""The mistakes of users and the exit codes of the command line.

Messages are templates in English with named fields, so that they can be shown in the user's language:
``str(error)`` gives the English sentence, ``error.template`` and ``error.values`` the parts.
"""

import errno
import os
from enum import IntEnum
from typing import Final

DISK_TAKES_NOTHING: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""Of an `OSError`: no file can be written until somebody has seen to the disk; no fault of the file."""


class ExitCode(IntEnum):
    """What the process returns; a contract with the scripts that call it."""

    ACCEPT = 0
    REJECT = 1
    USAGE = 2
    PROFILE = 3
    INPUT = 4
    HOLD = 5
    INTERNAL = 70
    INTERRUPTED = 130


class QcError(Exception):
    """Something a person can put right; the message says how.

    Parameters
    ----------
    template
        English sentence with named fields, for example ``"{path} is not a folder"``.
    values
        The fields.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)


class UsageError(QcError):
    """The command line asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class ProfileError(QcError):
    """A profile is missing or wrong.

    ``problems`` holds every mistake found as (template, values), so that all are mended in one go.
    """

    exit_code = ExitCode.PROFILE

    def __init__(
        self, template: str, problems: tuple[tuple[str, dict[str, object]], ...] = (), **values: object
    ) -> None:
        super().__init__(template, **values)
        self.problems = problems

    def __str__(self) -> str:
        lines = [super().__str__(), *(text.format(**values) for text, values in self.problems)]
        return "\n  ".join(lines)


class InputError(QcError):
    """The batch, the catalogue or the output folder cannot be used."""

    exit_code = ExitCode.INPUT


def disk_full(detail: str | None) -> InputError:
    """What to say when a report or a picture could not be written; `detail` in the system's words."""
    if detail == os.strerror(errno.EROFS):
        return InputError(
            "the disk cannot be written: {detail}; see to it and run again, nothing measured is lost",
            detail=detail,
        )
    return InputError(
        "the disk is full: {detail}; make room and run again, nothing measured is lost", detail=detail
    )
