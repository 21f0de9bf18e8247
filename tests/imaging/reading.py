"""How the tests read a file: from bytes, through the same doors as the product."""

import random
from collections.abc import Iterator
from pathlib import Path

from ybda_qc.imaging.decode import Decoded, DecodeLimits, decode
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.header import Header, read_header
from ybda_qc.imaging.source import Source

LIMITS = DecodeLimits(max_pixels=40_000_000)


def header_of(data: bytes, frame: int = 1, limits: DecodeLimits = LIMITS) -> Header:
    source = Source(Path("in-memory"), memoryview(data))
    try:
        return read_header(source, frame, limits=limits)
    finally:
        source.close()


def read(data: bytes, frame: int = 1, limits: DecodeLimits = LIMITS) -> tuple[Header, Decoded]:
    source = Source(Path("in-memory"), memoryview(data))
    try:
        header = read_header(source, frame, limits=limits)
        return header, decode(source, header, frame, limits=limits)
    finally:
        source.close()


def fault_of(data: bytes, frame: int = 1, limits: DecodeLimits = LIMITS) -> ImageFault | None:
    """The fault found in a file; None if it passes. Any other exception comes through and fails the test."""
    try:
        read(data, frame, limits)
    except ImageFault as fault:
        return fault
    return None


def cuts(data: bytes, count: int, *, seed: int = 0) -> Iterator[bytes]:
    """The file cut at seeded places of its whole length, and just before its end."""
    places = random.Random(seed)
    for _ in range(count):
        yield data[: places.randrange(1, len(data))]
    yield data[: len(data) - 1 - len(data) // 500]


def changed(data: bytes, count: int, changes: int, *, first: int) -> Iterator[bytes]:
    """Copies of the file with some bytes changed, behind its first bytes."""
    for seed in range(count):
        places = random.Random(seed * 1000 + changes)
        copy = bytearray(data)
        for _ in range(changes):
            copy[places.randrange(first, len(copy))] ^= places.randrange(1, 256)
        yield bytes(copy)
