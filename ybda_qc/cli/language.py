"""Which language the user reads."""

import os
from contextvars import ContextVar
from enum import StrEnum

from ybda_qc.report import Lang, Translator, translator

_preferred: ContextVar["Language | None"] = ContextVar("preferred", default=None)


class Language(StrEnum):
    """Languages of messages and reports."""

    ZH = "zh"
    EN = "en"


def system_language() -> Lang:
    """Chinese where the system's locale is Chinese, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def prefer(language: Language | None) -> None:
    """Take the language that stands before the command; None: the system's."""
    _preferred.set(language)


def speaker(language: Language | None = None) -> Translator:
    """Translates into the language asked for after the command or before it, else into the system's."""
    return translator("zh" if (language or _preferred.get() or system_language()) == "zh" else "en")
