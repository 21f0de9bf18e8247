"""Collect the texts that users see, and compile their Chinese translation.

    python docs/build_translations.py              compile the .po file into the .mo file
    python docs/build_translations.py --missing    print what has no translation yet, as .po entries
    python docs/build_translations.py --prune      drop translations no text asks for any more, then compile

The texts stand where they are used, as English templates: this script finds them by reading the source, the
templates of the HTML report and the shipped profiles; nothing of the program is run.
"""

import argparse
import ast
import io
import string
import sys
import tomllib
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import jinja2
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "ybda_qc"
FOLDER = PACKAGE / "report" / "locale" / "zh_CN" / "LC_MESSAGES"
PO, MO = FOLDER / "ybda_qc.po", FOLDER / "ybda_qc.mo"

_FIRST_ARGUMENT = {
    "_",
    "UsageError",
    "InputError",
    "ProfileError",
    "Interrupted",
    "QcError",
    "mark",
    "problem",
}
_KEYWORDS = {
    "Code": ("title", "template"),
    "NotApplicable": ("reason",),
    "Reason": ("template",),
    "Finding": ("template",),
    "Diagnosis": ("template", "advice", "part"),
    "CheckCard": ("title", "requirement", "why", "remedy"),
}
_METHODS = {"step": 0}  # progress.step("...")
_TEMPLATE_CALLS = {"t", "in_lang"}


class Texts(ast.NodeVisitor):
    """The user's texts in one module: ``{text: first line}``."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: dict[str, int] = {}
        self._constants: dict[str, ast.expr] = {}
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._constants.setdefault(name, value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self._constants.setdefault(name, value)
        self.visit(tree)

    def take_constants(self) -> None:
        """Every text in capitals at the top of a module that holds nothing but templates."""
        for name, value in list(self._constants.items()):
            if name.isupper():
                self._take(value)

    def _take(self, node: ast.expr | None) -> None:
        match node:
            case ast.Constant(value=str(text)) if text.strip():
                self.found.setdefault(text, node.lineno)
            case ast.Name(id=name) if name in self._constants:
                value = self._constants.pop(name)  # popped: a name that names itself must not loop
                self._take(value)
                self._constants[name] = value
            case ast.IfExp(body=body, orelse=orelse):
                self._take(body)
                self._take(orelse)
            case ast.Dict(values=values):
                for value in values:
                    self._take(value)
            case ast.Subscript(value=table):
                self._take(table)
            case ast.Call(func=ast.Attribute(attr="get", value=table), args=[_, *otherwise]):
                for value in (table, *otherwise):
                    self._take(value)

    def visit_Call(self, node: ast.Call) -> None:
        """A call that is given a text for users."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _FIRST_ARGUMENT and node.args:
            self._take(node.args[0])
        if name in _METHODS and isinstance(node.func, ast.Attribute) and node.args:
            self._take(node.args[_METHODS[name]])
        for keyword in node.keywords:
            if keyword.arg in _KEYWORDS.get(name, ()):
                self._take(keyword.value)
        if name == "ProfileError":
            for argument in [*node.args[1:], *(k.value for k in node.keywords)]:
                self._problems(argument)
        self.generic_visit(node)

    def _problems(self, node: ast.expr) -> None:
        """``(("template", {...}), ...)``."""
        for part in ast.walk(node):
            if isinstance(part, ast.Tuple) and len(part.elts) == 2 and isinstance(part.elts[1], ast.Dict):
                self._take(part.elts[0])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A check: its docstring is its manual and the text of reports."""
        names = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        docstring = ast.get_docstring(node, clean=False)
        if {"id", "title", "codes"} <= names.keys() and docstring:
            self._take(names["title"])
            for number, paragraph in enumerate(cleandoc(docstring).split("\n\n")):
                text = " ".join(paragraph.split())
                for word in ("Why:", "Remedy:"):
                    if text.startswith(word):
                        self.found.setdefault(text[len(word) :].strip(), node.lineno)
                if number == 0:
                    self.found.setdefault(text, node.lineno)
        self.generic_visit(node)


def source_texts() -> Iterator[tuple[str, str, int]]:
    """(text, file, line) of everything in the Python source."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = Texts(tree)
        if path.name == "problems.py":
            texts.take_constants()
        for text, line in texts.found.items():
            yield text, path.relative_to(ROOT).as_posix(), line


def template_texts() -> Iterator[tuple[str, str, int]]:
    """(text, file, line) of the calls of ``t`` and ``in_lang`` in the Jinja templates."""
    for path in sorted((PACKAGE / "report" / "templates").glob("*.j2")):
        tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(jinja2.nodes.Call):
            if isinstance(call.node, jinja2.nodes.Name) and call.node.name in _TEMPLATE_CALLS:
                first = call.args[0]
                if isinstance(first, jinja2.nodes.Const) and isinstance(first.value, str):
                    yield first.value, path.relative_to(ROOT).as_posix(), call.lineno
                elif isinstance(first, jinja2.nodes.Getitem):  # t({"accept": "passes"}[...])
                    for pair in first.node.find_all(jinja2.nodes.Pair):
                        yield pair.value.value, path.relative_to(ROOT).as_posix(), call.lineno  # type: ignore[attr-defined]


def profile_texts() -> Iterator[tuple[str, str, int]]:
    """(text, file, 0) of titles and clauses in the shipped profiles."""
    for path in sorted((ROOT / "profiles").glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from ((text, path.relative_to(ROOT).as_posix(), 0) for text in _profile_strings(document))


def _profile_strings(node: object, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _profile_strings(value, name)
    elif isinstance(node, str) and key in {"title", "clause"} and node.strip():
        yield node


def all_texts() -> dict[str, list[tuple[str, int]]]:
    """Every text with the places it stands in."""
    texts: dict[str, list[tuple[str, int]]] = {}
    for source in (source_texts(), template_texts(), profile_texts()):
        for text, path, line in source:
            places = texts.setdefault(text, [])
            if (path, line) not in places:
                places.append((path, line))
    return texts


def needs_translation(text: str) -> bool:
    """Whether a text has words: not one of fields, signs or Chinese alone."""
    literal = "".join(part[0] for part in string.Formatter().parse(text)) if _is_template(text) else text
    return any("a" <= char.lower() <= "z" for char in literal)


def _is_template(text: str) -> bool:
    try:
        list(string.Formatter().parse(text))
    except ValueError:
        return False
    return True


def fields(template: str) -> set[tuple[str, str, str]]:
    """The named fields of a template with conversion and format; translations must have the same."""
    if not _is_template(template):
        return set()
    parsed = string.Formatter().parse(template)
    return {(name, conversion or "", spec or "") for _, name, spec, conversion in parsed if name is not None}


def read_catalogue() -> Catalog:
    """The Chinese catalogue of messages."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN", domain="ybda_qc")
    catalogue.msgid_bugs_address = "the issue tracker of the project"
    catalogue.last_translator = catalogue.language_team = "the makers of ybda-qc"
    return catalogue


def missing(catalogue: Catalog) -> dict[str, list[tuple[str, int]]]:
    """Texts without a translation."""
    return {
        text: places
        for text, places in all_texts().items()
        if needs_translation(text) and not (text in catalogue and catalogue[text].string)
    }


def compile_catalogue(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--prune", action="store_true")
    arguments = parser.parse_args()
    catalogue = read_catalogue()
    if arguments.missing:
        todo = Catalog(locale="zh_CN", domain="ybda_qc")
        for text, places in missing(catalogue).items():
            todo.add(text, "", locations=places)
        write_po(sys.stdout.buffer, todo, width=110, omit_header=True)
        return 1 if len(todo) else 0
    if arguments.prune:
        known = all_texts()
        for unused in [message.id for message in catalogue if message.id and message.id not in known]:
            catalogue.delete(unused)
        with PO.open("wb") as file:
            write_po(file, catalogue, width=110)
    MO.write_bytes(compile_catalogue(catalogue))
    return 0


if __name__ == "__main__":
    sys.exit(main())
