"""The mistakes of a profile, collected so that all are told together.

All templates of this package stand here; their fields are the same everywhere: ``file`` and ``key`` say
where, the others what.
"""

import difflib
from collections.abc import Iterable

from ybda_qc.errors import ProfileError

HEADLINE = "the profile {profile} cannot be used; mistakes to mend: {count}"

UNKNOWN_PROFILE = (
    "there is no profile '{name}'; shipped are: {known}; for a file of your own give its path ending in .toml"
)
UNKNOWN_PROFILE_NEAR = (
    "there is no profile '{name}'; did you mean '{near}'? Shipped are: {known}; "
    "for a file of your own give its path ending in .toml"
)
NO_FILE = "{file}: there is no such file"
UNREADABLE = "{file}: the file cannot be read: {detail}"
NOT_UTF8 = "{file}: the file is not UTF-8 text; save it as UTF-8"
SYNTAX = "{file}: line {line}: not TOML: {detail}"

ID_TAKEN = "{file}: {key}: '{id}' is the id of a shipped profile; choose another for your own"
ID_TWICE = "{file}: {key}: '{id}' is also the id of {other}; choose another"
ID_SHAPE = "{file}: {key}: '{id}' must consist of letters, digits, dots, hyphens and underscores"
UNKNOWN_PARENT = "{file}: {key}: there is no profile '{name}'; shipped are: {known}"
UNKNOWN_PARENT_NEAR = "{file}: {key}: there is no profile '{name}'; did you mean '{near}'?"
CYCLE = "{file}: {key}: the profile extends itself: {chain}"

UNKNOWN_KEY = "{file}: {key}: unknown key; known here: {known}"
UNKNOWN_KEY_NEAR = "{file}: {key}: unknown key; did you mean '{near}'?"
UNKNOWN_CHECK = "{file}: {key}: there is no check '{name}'; known checks: {known}"
UNKNOWN_CHECK_NEAR = "{file}: {key}: there is no check '{name}'; did you mean '{near}'?"
UNKNOWN_CODE = "{file}: {key}: the check has no code '{name}'; its codes: {known}"
UNKNOWN_CODE_NEAR = "{file}: {key}: the check has no code '{name}'; did you mean '{near}'?"
MISSING_KEY = "{file}: {key}: missing; set it or extend 'base'"
MISSING_SOURCE = "{file}: {key}: missing; say where the limit comes from: rule, local-rule or project-choice"
MISSING_CLAUSE = "{file}: {key}: a limit whose source is a rule must name the clause"
MISSING_CODES = "{file}: {key}: no limits for {codes}; set them or extend 'base'"
NO_CHECKS = "{file}: {key}: no check is switched on; extend 'base'"
NOTHING_TO_READ = "{file}: {key}: needs what {reads} measures; switch that on, or this off (enabled = false)"

NOT_A_TABLE = "{file}: {key}: {value} is not a table of keys"
NOT_A_LIST = "{file}: {key}: {value} is not a list in square brackets"
NOT_TEXT = "{file}: {key}: {value} is not text in quotes"
NOT_A_SWITCH = "{file}: {key}: {value} is neither true nor false"
NOT_A_NUMBER = "{file}: {key}: {value} is not a number"
NOT_WHOLE = "{file}: {key}: {value} is not a whole number"
NOT_FINITE = "{file}: {key}: {value} is no finite number"
NOT_ONE_OF = "{file}: {key}: {value} must be one of {allowed}"
NOT_ONE_OF_NEAR = "{file}: {key}: {value} must be one of {allowed}; did you mean '{near}'?"
NOT_A_NUMBER_OR = "{file}: {key}: {value} must be a number or {allowed}"
NOT_ABOVE = "{file}: {key}: {value} must be greater than {limit}"
NOT_AT_LEAST = "{file}: {key}: {value} must be at least {limit}"
NOT_BELOW = "{file}: {key}: {value} must be less than {limit}"
NOT_AT_MOST = "{file}: {key}: {value} must be at most {limit}"
LADDER = (
    "{file}: {key}: {heavier} = {heavier_limit} would be reached before {lighter} = {lighter_limit}; "
    "set both, or {lighter} = 'off'"
)
CLOCK = "{file}: {key}: wall_seconds must not be shorter than cpu_seconds"
PAGE_PATTERN = (
    "{file}: {key}: '{value}' is no page of a batch; write a path within the batch with / between folders, "
    "and of a multi-page file # and the page number: B470-WS·2022-Y-XM-0001.pdf#4"
)
WEIGHED_ONCE = "{file}: {key}: each of these must stand once, either in reject or in hold: {verdicts}"
OTHER = "{file}: {key}: {detail}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, None if none is like it."""
    matches = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.7)
    return matches[0] if matches else None


class Problems:
    """A growing list of (template, values)."""

    def __init__(self) -> None:
        self._found: list[tuple[str, dict[str, object]]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, template: str, **values: object) -> None:
        """Note a mistake; the same one is noted once."""
        if (template, values) not in self._found:
            self._found.append((template, values))

    def add_unknown(
        self, template: str, template_near: str, word: str, known: Iterable[str], **values: object
    ) -> None:
        """Note a word that is not known, with the nearest known one or else all of them."""
        names = sorted(known)
        if near := nearest(word, names):
            self.add(template_near, near=near, **values)
        else:
            self.add(template, known=", ".join(names) or "-", **values)

    def raise_if_any(self, profile: str, headline: str = HEADLINE) -> None:
        """End with everything that was found, below a headline with the fields ``profile`` and ``count``.

        Raises
        ------
        ProfileError
            If anything was.
        """
        if self._found:
            raise ProfileError(headline, tuple(self._found), profile=profile, count=len(self._found))
