"""The texts that users see, from the source, the templates of the HTML report and the shipped profiles.

The texts stand where they are used, as English templates: they are found by reading; nothing of the program
is run.

Some sentences are stored with their fields filled in, those of the decoders above all. Their templates stand
in the catalogue of messages under a context of their own: with it the program finds the template of a stored
sentence.
"""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import jinja2

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "ybda_qc"

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
    "replace": ("template",),
    "Finding": ("template",),
    "Diagnosis": ("template", "advice", "part"),
    "CheckCard": ("title", "requirement", "why", "remedy"),
}
_STORED = {"ImageFault": 1, "stored": 0}
"""Which argument of a call is a sentence that is stored, anywhere."""
_SENTENCE = re.compile(r"[A-Z{]\S* .*[.]", re.DOTALL)
"""How every sentence of the decoders looks, wherever in ``imaging`` it stands; nothing else there does."""
CONTEXT = "sentence"
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


class Sentences(ast.NodeVisitor):
    """The sentences of one module that are stored with their fields filled in: ``{template: first line}``.

    Parameters
    ----------
    tree
        The module.
    all_of_them
        Whether everything that looks like a sentence is one.
    mistakes
        Whether users are shown what the module raises ``ValueError`` with.
    """

    def __init__(self, tree: ast.Module, *, all_of_them: bool = False, mistakes: bool = False) -> None:
        self.found: dict[str, int] = {}
        self._all = all_of_them
        self._mistakes = mistakes
        self.visit(tree)

    def _take(self, node: ast.expr) -> None:
        text = stored_template(node)
        if text and needs_translation(text):
            self.found.setdefault(text, node.lineno)

    def visit_Call(self, node: ast.Call) -> None:
        """A call that is given a sentence."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        place = 0 if name == "ValueError" and self._mistakes else _STORED.get(name)
        if place is not None and len(node.args) > place:
            self._take(node.args[place])
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """``table[_CLAUSE] = "clause"``."""
        match node.targets:
            case [ast.Subscript(slice=ast.Name(id="_CLAUSE"))]:
                self._take(node.value)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Docstrings are passed over."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A text that may be a sentence."""
        if self._all and isinstance(node.value, str) and _SENTENCE.fullmatch(node.value):
            self._take(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """A text with fields that may be a sentence."""
        ends = [part.value if isinstance(part, ast.Constant) else "{" for part in node.values]
        if self._all and _SENTENCE.fullmatch("".join(map(str, ends))):
            self._take(node)


def stored_template(node: ast.expr) -> str | None:
    """The template of a literal or f-string; None for any other expression.

    Raises
    ------
    ValueError
        A field is not a plain name: it would have none in the translation.
    """
    match node:
        case ast.Constant(value=str(text)):
            return text.replace("{", "{{").replace("}", "}}")
        case ast.JoinedStr(values=parts):
            return "".join(_stored_part(part) for part in parts)
    return None


def _stored_part(part: ast.expr) -> str:
    match part:
        case ast.FormattedValue(value=ast.Name(id=name)):
            return f"{{{name}}}"
        case ast.Constant():
            return stored_template(part) or ""
    raise ValueError(f"line {part.lineno}: bind {ast.unparse(part)} to a name first; translations need it")


def stored_texts() -> Iterator[tuple[str, str, int]]:
    """(template, file, line) of the sentences that are stored with their fields filled in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        folder = path.relative_to(PACKAGE).parts[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        sentences = Sentences(tree, all_of_them=folder == "imaging", mistakes=folder == "intake")
        for text, line in sentences.found.items():
            yield text, path.relative_to(ROOT).as_posix(), line


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
    elif isinstance(node, list):
        for value in node:
            yield from _profile_strings(value)
    elif isinstance(node, str) and key in {"title", "clause"} and node.strip():
        yield node


def all_texts() -> dict[str, list[tuple[str, int]]]:
    """Every text with the places it stands in."""
    return _with_places(source_texts(), template_texts(), profile_texts())


def all_sentences() -> dict[str, list[tuple[str, int]]]:
    """Every template of a stored sentence with the places it stands in."""
    return _with_places(stored_texts())


def _with_places(*sources: Iterator[tuple[str, str, int]]) -> dict[str, list[tuple[str, int]]]:
    texts: dict[str, list[tuple[str, int]]] = {}
    for source in sources:
        for text, path, line in source:
            places = texts.setdefault(text, [])
            if (path, line) not in places:
                places.append((path, line))
    return texts


def wanted() -> Iterator[tuple[str | None, str, list[tuple[str, int]]]]:
    """(context, text, places) of everything that must have a translation."""
    for text, places in all_texts().items():
        if needs_translation(text):
            yield None, text, places
    for text, places in all_sentences().items():
        yield CONTEXT, text, places


def needs_translation(text: str) -> bool:
    """Whether a text has words: not one of fields, signs or Chinese alone."""
    literal = "".join(part[0] for part in string.Formatter().parse(text)) if is_template(text) else text
    return any("a" <= char.lower() <= "z" for char in literal)


def is_template(text: str) -> bool:
    """Whether a text can be a template: its braces are in order."""
    try:
        list(string.Formatter().parse(text))
    except ValueError:
        return False
    return True
