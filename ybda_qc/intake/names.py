r"""File names as bytes and as printable text, back and forth without loss.

A file name on Unix is a run of bytes; most are UTF-8, some are not (GBK names of old Windows programs).
Reports need text. The text form keeps UTF-8 as it is and writes every other byte as ``\xHH``. A backslash
that happens to stand before ``xHH`` in a real name is itself written ``\x5c``, so no two names ever
share a text form.
"""

import re

_LOOKALIKE = re.compile(rb"\\(?=x[0-9a-f]{2})")


def to_text(raw: bytes) -> str:
    r"""Write a name or path in printable form: UTF-8 as it is, odd bytes as ``\xHH``; one to one."""
    return _LOOKALIKE.sub(rb"\\x5c", raw).decode("utf-8", errors="backslashreplace")


def hex_of(raw: bytes) -> str | None:
    """Write the bytes in hexadecimal where `to_text` had to escape something, else None."""
    return None if to_text(raw).encode() == raw else raw.hex()
