"""What Typer says itself, in the user's language: help, and mistakes on the command line."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from ybda_qc.cli.console import width_of
from ybda_qc.report import Translator
from ybda_qc.report import mark as _
from ybda_qc.report.sentences import Sentences
from ybda_qc.report.vocabulary import COLON, COMMA

_USAGE = _("Usage")
_PLACEHOLDERS = (_("[OPTIONS]"), _("COMMAND [ARGS]..."))
_HELP = (
    _("Arguments"),
    _("Options"),
    _("Commands"),
    _("Show this message and exit."),
)
_NOTES = (_("default: {default}"), _("required"), _("{least}<=x<={most}"), _("x>={least}"))
_NOTED = re.compile(r"  \[([^\[\]]+)\]$")
"""What Typer writes behind the help of an option, several with semicolon and blank between."""

_MISTAKES = (
    _("No such option: {option}"),
    _("No such option: {option} (Possible options: {options})"),
    _("No such command {command}."),
    _("No such command {command}. Did you mean {commands}?"),
    _("Option '{option}' does not take a value."),
    _("Option '{option}' requires an argument."),
    _("Missing command."),
    _("Missing argument '{argument}'."),
    _("Missing option {name}."),
    _("Missing option {name}. Choose from:{choices}"),
    _("Got unexpected extra argument(s) ({arguments})"),
    _("Invalid value for {name}: "),
    _("Input should be a valid integer, unable to parse string as an integer"),
    _("Input should be a valid number, unable to parse string as a number"),
    _("Input should be greater than or equal to {least}"),
    _("Input should be less than or equal to {most}"),
    _("Value error, {value} is not one of {choices}."),
)
_LISTS = frozenset({"choices", "commands", "name", "options"})
"""Fields of mistakes whose values are lists: ``'pdf', 'txt'``, ``--ocr, --out``, ``'--to' / '-t'``."""
_QUOTED = frozenset({"command", "value"})
"""Fields that stand in quotation marks of Python, single or double."""
_PIECE = re.compile(r" *[“（《\[]*(?:[^ \u2e80-\uffef“”]+|[\u2e80-\uffef])[，。；：、！？）》”\]]*| *\S")
"""What stands on one line: a word, or a Chinese character, with the signs that belong to it."""
_WIDEST_NAME = 30  # columns of names of options; text behind a longer one begins on the next line


_LibraryFormatter: Any = typer.Context.formatter_class


class _Formatter(_LibraryFormatter):  # type: ignore[misc]
    """Typer's, with its own words translated and lines broken by columns of the terminal."""

    def __init__(self, say: Translator, **sizes: Any) -> None:
        super().__init__(**sizes)
        self._say = say

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or self._say(_USAGE) + self._say(COLON))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self._say(heading)}{self._say(COLON).rstrip()}\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" * bool(number))
            for line in lines_of(paragraph, self.width - self.current_indent):
                self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], *_sizes: int, **_named_sizes: int) -> None:
        indent = " " * self.current_indent
        column = min(max(len(name) for name, _text in rows), _WIDEST_NAME) + 2
        for name, text in rows:
            lines = lines_of(self._help(text), self.width - column - self.current_indent)
            if len(name) + 2 > column:
                lines = ["", *lines]
            for number, line in enumerate(lines):
                self.write(f"{indent}{'' if number else name:<{column}}{line}".rstrip() + "\n")

    def _help(self, text: str) -> str:
        noted = _NOTED.search(text)
        if noted is None:
            return self._say(text)
        known = Sentences({template: self._say.template(template) for template in _NOTES})
        semicolon = self._say(_("; "))
        notes = semicolon.join(known.one(note) or note for note in noted[1].split("; "))
        said = self._say(text[: noted.start()])
        if said.endswith("]"):  # notes of our own
            return f"{said[:-1]}{semicolon}{notes}]"
        return self._say(_("{help} [{notes}]"), {"help": said, "notes": notes})


def lines_of(text: str, columns: int) -> list[str]:
    """A paragraph broken into lines of so many columns of a terminal, Chinese between any two characters."""
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split("\n"))):
        if lines[-1] and width_of(lines[-1] + piece) > columns:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


def command_in(app: typer.Typer, say: Translator) -> Any:
    """The command of an application, to be called, with its help in the language of the user.

    Parameters
    ----------
    app
        The application; its help texts are English templates.
    say
        Translator of the user's language.
    """
    command = get_command(app)
    _translate(command, say)
    return command


def _translate(command: Any, say: Translator) -> None:
    command.context_class = type(
        "Context", (command.context_class,), {"formatter_class": partial(_Formatter, say)}
    )
    command.help = say(command.help)
    command.options_metavar = say(command.options_metavar)
    if hasattr(command, "commands"):
        command.subcommand_metavar = say(command.subcommand_metavar)
        for inner in command.commands.values():
            _translate(inner, say)


def print_mistake(error: TyperException, say: Translator) -> None:
    """A mistake on the command line on standard error, with how the command is used where that is known."""
    context: Any = getattr(error, "ctx", None)
    if context is not None:
        usage = context.get_help() if error.message == context.get_help() else context.get_usage()
        typer.echo(usage, err=True)
        if error.message == usage:  # no arguments: the help is all there is to say
            return
        values = {"command": f"{context.command_path} {context.help_option_names[0]}"}
        typer.echo(say(_("Try '{command}' for help."), values) + "\n", err=True)
    typer.echo(f"{say(_('Error'))}{say(COLON)}{mistake(error, say)}", err=True)


def mistake(error: TyperException, say: Translator) -> str:
    """What is wrong, in the user's language where it is one of the mistakes that Typer knows."""
    text, message = error.format_message(), error.message
    if message and text.endswith(message):  # Invalid value for '--jobs': what is wrong with it
        return _said(text.removesuffix(message), say) + _said(message, say)
    return _said(text, say)


def _said(text: str, say: Translator) -> str:
    if say.lang == "en":
        return text.removeprefix("Value error, ")  # Pydantic's word, no help to a user
    templates = {template: say.template(template) for template in _MISTAKES}
    return Sentences(templates, partial(_placed, say.template(COMMA))).one(text) or text


def _placed(comma: str, name: str, value: str) -> str:
    """The value of a field without the quotation marks of Typer, a list with the comma of the language."""
    if name in _QUOTED:
        return value[1:-1]
    if name in _LISTS:
        return re.sub(r",\s*", comma, re.sub(r"'([^']*)'", r"\1", value.strip()))
    return value
