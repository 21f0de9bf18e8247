"""Keep the Chinese translation of the texts that users see, and compile it.

    python docs/build_translations.py              put the .po file in order and compile it into the .mo file
    python docs/build_translations.py --missing    print what has no translation yet, as .po entries
    python docs/build_translations.py --prune      drop translations no text asks for any more, then the same
    python docs/build_translations.py --check      write nothing and fail if anything of this is still to do

The order of the file is that of the texts, so that branches which add texts are merged without conflict.
"""

import argparse
import io
import string
import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po
from user_texts import CONTEXT, PACKAGE, all_sentences, all_texts, is_template, wanted

FOLDER = PACKAGE / "report" / "locale" / "zh_CN" / "LC_MESSAGES"
PO, MO = FOLDER / "ybda_qc.po", FOLDER / "ybda_qc.mo"

Key = tuple[str | None, str]
"""Context and text of an entry."""


class Chinese(Catalog):
    """The Chinese catalogue of messages, which remembers texts that it was given two translations for."""

    def __init__(self) -> None:
        super().__init__(locale="zh_CN", domain="ybda_qc")
        self.disagreeing: list[str] = []

    def __setitem__(self, text: str, message: Message) -> None:
        """Take an entry; of two for one text the first counts."""
        known = self.get(text, message.context) if text else None
        if known is not None and known.string != message.string:
            self.disagreeing.append(text)
        super().__setitem__(text, message)


def fields(template: str) -> set[tuple[str, str, str]]:
    """The named fields of a template with conversion and format; translations must have the same."""
    if not is_template(template):
        return set()
    parsed = string.Formatter().parse(template)
    return {(name, conversion or "", spec or "") for _, name, spec, conversion in parsed if name is not None}


def read_catalogue(po: bytes | None = None) -> Chinese:
    """The Chinese catalogue of messages, from the bytes of a .po file; by default the program's own."""
    catalogue = Chinese()
    PoFileParser(catalogue).parse(io.BytesIO(PO.read_bytes() if po is None else po))
    catalogue.msgid_bugs_address = "the issue tracker of the project"
    catalogue.last_translator = catalogue.language_team = "the makers of ybda-qc"
    return catalogue


def missing(catalogue: Catalog) -> list[tuple[str | None, str, list[tuple[str, int]]]]:
    """(context, text, places) of the texts without a translation."""
    return [want for want in wanted() if not _translation(catalogue, want[0], want[1])]


def _translation(catalogue: Catalog, context: str | None, text: str) -> str:
    message = catalogue.get(text, context)
    return str(message.string) if message else ""


def stale(catalogue: Catalog) -> list[Key]:
    """The entries whose text no user sees any more."""
    texts, sentences = all_texts(), all_sentences()
    return [
        (message.context, message.id)
        for message in catalogue
        if message.id and message.id not in (sentences if message.context == CONTEXT else texts)
    ]


def mistakes(po: bytes) -> Iterator[str]:
    """What is wrong with the entries of a .po file, a line each; what it lacks is not looked for."""
    catalogue = read_catalogue(po)
    yield from (f"two translations: {text!r}" for text in catalogue.disagreeing)
    yield from (f"no text asks for it (--prune drops it): {text!r}" for _, text in stale(catalogue))
    for message in catalogue:
        if message.id and fields(message.id) != fields(message.string):
            yield f"other fields in the translation: {message.id!r}"


def in_order(catalogue: Catalog) -> bytes:
    """The bytes of the .po file: sorted by text, each entry with the files that its text stands in."""
    texts, sentences = all_texts(), all_sentences()
    for message in catalogue:
        places = (sentences if message.context == CONTEXT else texts).get(message.id, ())
        message.locations = sorted({(path, None) for path, _ in places})
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True)
    return buffer.getvalue()


def compile_catalogue(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _print_missing(catalogue: Catalog) -> bool:
    todo = Catalog(locale="zh_CN", domain="ybda_qc")
    for context, text, places in missing(catalogue):
        todo.add(text, "", locations=places, context=context)
    write_po(sys.stdout.buffer, todo, width=110, omit_header=True)
    sys.stdout.flush()
    return len(todo) > 0


def _is_wrong(catalogue: Catalog, po: bytes) -> bool:
    """Print what is wrong with the file, and whether anything is."""
    found = list(mistakes(po))
    if not found and in_order(catalogue) != po:
        found = ["not in order: run docs/build_translations.py"]
    for line in found:
        print(f"{PO.name}: {line}", file=sys.stderr)  # noqa: T201 - a command line
    return bool(found)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    for option in ("--missing", "--prune", "--check"):
        what.add_argument(option, action="store_true")
    arguments = parser.parse_args()
    po = PO.read_bytes()
    catalogue = read_catalogue(po)
    if arguments.missing:
        return int(_print_missing(catalogue))
    if arguments.check:
        lacks = _print_missing(catalogue)
        return int(_is_wrong(catalogue, po) or lacks)
    if catalogue.disagreeing:
        return int(_is_wrong(catalogue, po))  # a hand must choose
    if arguments.prune:
        for context, text in stale(catalogue):
            catalogue.delete(text, context)
    PO.write_bytes(in_order(catalogue))
    MO.write_bytes(compile_catalogue(catalogue))
    return 0


if __name__ == "__main__":
    sys.exit(main())
