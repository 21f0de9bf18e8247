"""What is known of a file beside its pages: content format, digests, and what a checksum list says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DIGEST_HEX_DIGITS: Mapping[str, int] = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sm3": 64,
    "sha384": 96,
    "sha512": 128,
}
"""Algorithm -> digits of its digest in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksumEntry:
    """A line of a checksum list: the file it speaks of and the digest that the file must have.

    Parameters
    ----------
    line
        Number of the line, from 1.
    path
        As the list writes it, without the escapes of its style; in `FileFacts`, the path in the batch.
        Empty in a list that names no file.
    algorithm
        Of `DIGEST_HEX_DIGITS`.
    digest
        In small hexadecimal digits.
    """

    line: int
    path: str
    algorithm: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksumProblem:
    """What is wrong with a line of a checksum list.

    ``kind`` is ``bad-line``, ``outside`` (the path leads out of the batch) or ``other-algorithm`` (the name
    of the list tells another one than its lines; said of the first line only). ``text`` is what stands there.
    """

    line: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksumList:
    """A checksum list as it was read.

    ``more_problems`` counts those that are not named one by one; ``is_cut`` says that the list goes on after
    the last entry that was taken.
    """

    entries: tuple[ChecksumEntry, ...] = ()
    problems: tuple[ChecksumProblem, ...] = ()
    more_problems: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What was read of a file of the batch that is no page, or that a checksum list names.

    Parameters
    ----------
    path
        Batch-relative path.
    size_bytes
        As read.
    format
        Of `MEDIA_FORMATS`; empty where the content is of none of them, or nobody asked.
    lacks
        The part of the format's structure that is missing: the file was never closed.
    is_cut
        Whether the file ends before its content does.
    sample_rate_hz, sample_bits
        Of sound in a WAV file, 0 where not known.
    damage
        Why a photograph cannot be decoded; empty where it can, where its end is missing, or where it is of a
        format that is not decoded.
    doubt
        Why it could not be told whether a photograph can be decoded.
    digests
        Algorithm -> digest in small hexadecimal digits; without those that this machine cannot compute.
    checksums
        The content of a checksum list, None for other files.
    problem
        Why the file could not be read; empty if it was.
    """

    path: str
    size_bytes: int = 0
    format: str = ""
    lacks: str = ""
    is_cut: bool = False
    sample_rate_hz: int = 0
    sample_bits: int = 0
    damage: str = ""
    doubt: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    checksums: ChecksumList | None = None
    problem: str = ""
