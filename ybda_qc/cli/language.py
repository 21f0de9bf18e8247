"""Which language the user reads."""

import os
from enum import StrEnum

from ybda_qc.report import Lang, Translator, translator


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


def speaker(language: Language | None = None) -> Translator:
    """Translates into the language asked for, else into the system's."""
    return translator("zh" if (language or system_language()) == "zh" else "en")
