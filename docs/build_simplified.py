"""Writes ``ybda_qc/model/simplified.txt``: traditional characters, each with the simplified one for it.

Needs the package ``opencc``, whose dictionary TSCharacters is the source (Apache License 2.0). The table is
kept, so that what stands in an index is folded in the same way whichever version of a library is installed.
"""

from pathlib import Path

import opencc

TABLE = Path(__file__).parents[1] / "ybda_qc" / "model" / "simplified.txt"
_BLOCKS = (
    (0x3400, 0x4DC0),
    (0x4E00, 0xA000),
    (0x20000, 0x323B0),
)  # Chinese characters; others are no variants


def pairs() -> dict[str, str]:
    """Traditional -> simplified character; the simplified one is never a traditional form of another."""
    characters = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {old: new for old, new in zip(characters, converted, strict=True) if old != new and len(new) == 1}
    return {old: new for old, new in table.items() if new not in table}


def main() -> None:
    """Write the table: one pair a line."""
    lines = (old + new for old, new in sorted(pairs().items()))
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
