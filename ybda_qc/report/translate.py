"""Words of the user's language: gettext over templates with named fields.

The message ids are the English templates themselves, so an untranslated text (of a third-party check, say)
is shown in English and never lost.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from ybda_qc.model import Scalar
from ybda_qc.report import sentences, vocabulary
from ybda_qc.report.mark import mark

__all__ = ["Lang", "Translator", "mark", "translator"]

Lang = Literal["zh", "en"]
LOCALE_FOLDER = Path(__file__).parent / "locale"
DOMAIN = "ybda_qc"
_WORDS = frozenset(vocabulary.WORDS)
_SYSTEM_ERRORS = {text.lower(): text for text in vocabulary.SYSTEM_ERRORS}
_LOCALES = {"zh": "zh_CN"}
_FIELDS = (
    vocabulary.FIELDS
    | vocabulary.PLACE_FIELDS
    | vocabulary.SYSTEM_FIELDS
    | vocabulary.LIST_FIELDS
    | sentences.FIELDS
    | {vocabulary.COPY_FIELD}
)


class Translator:
    """Turns English templates and their fields into sentences of one language.

    Parameters
    ----------
    lang
        ``zh`` or ``en``; English needs no catalogue of messages.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        locale = _LOCALES.get(lang)
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        if locale is not None:
            self._catalogue = gettext.translation(DOMAIN, LOCALE_FOLDER, [locale])
        self._sentences = sentences.Sentences(_sentences(locale))

    def __call__(self, template: str, values: Mapping[str, Scalar] | None = None) -> str:
        """The sentence in the user's language.

        Parameters
        ----------
        template
            English sentence, with named fields where `values` is given.
        values
            The fields; without them the template is taken as it stands, braces and all.
        """
        translated = self.template(template)
        if values is None:
            # a clause that a profile was given by the program is stored with its fields filled in
            return (self._sentences.one(template) or template) if translated == template else translated
        for candidate in (translated, template):
            try:
                return candidate.format_map(self.values(values))
            except (KeyError, IndexError, ValueError, TypeError, AttributeError):
                continue  # a template of a plug-in that does not fit its fields must not cost the report
        fields = ", ".join(f"{name}={value}" for name, value in values.items())
        return f"{template} [{fields}]"

    def values(self, values: Mapping[str, Scalar]) -> Mapping[str, Scalar]:
        """The same fields, with words of the vocabulary and known sentences in the user's language."""
        if not _FIELDS & values.keys():
            return values
        return {name: self._value(name, value) for name, value in values.items()}

    def _value(self, name: str, value: Scalar) -> Scalar:
        if not isinstance(value, str):
            return value
        if name in vocabulary.LIST_FIELDS:
            return self.template(vocabulary.COMMA).join(value.split(", "))
        if name in vocabulary.PLACE_FIELDS:
            return self.template(vocabulary.COMMA).join(map(self.place, value.split("; ")))
        if name == vocabulary.COPY_FIELD:
            return self._item(value)
        return self._words(value) if name in vocabulary.FIELDS else self._error(name, value)

    def _error(self, name: str, value: str) -> str:
        """What the system or a decoder says of an error; other values stay as they are."""
        if self.lang != "en" and name in vocabulary.SYSTEM_FIELDS and value.lower() in _SYSTEM_ERRORS:
            return self.template(_SYSTEM_ERRORS[value.lower()])
        return self._sentences.field(name, value) if name in sentences.FIELDS else value

    def _words(self, text: str) -> str:
        return self.template(vocabulary.COMMA).join(map(self._word, text.split(", ")))

    def _word(self, text: str) -> str:
        counted = vocabulary.COUNTED.fullmatch(text)
        if counted is not None:
            return f"{self._word(counted['word'])}{self.template(vocabulary.COLON)}{counted['count']}"
        return self.template(text) if text in _WORDS else text

    def _item(self, text: str) -> str:
        match = vocabulary.ITEM_OF_COPY.fullmatch(text)
        if match is None or match["copy"] not in _WORDS:
            return text
        values = {"item": match["item"], "copy": self.template(match["copy"])}
        return self.template(vocabulary.IN_COPY).format_map(values)

    def place(self, text: str) -> str:
        """A row of the catalogue as `Record.place` names it; other texts stay as they are."""
        match = vocabulary.PLACE.fullmatch(text)
        if match is None:
            return text
        template = vocabulary.ROW_OF_SHEET if match["sheet"] else vocabulary.ROW
        return self.template(template).format_map(match.groupdict())

    def template(self, template: str) -> str:
        """The translated template itself; the English one where there is no translation."""
        return self._catalogue.gettext(template) if template else ""


def _sentences(locale: str | None) -> dict[str, str]:
    if locale is None:
        return {}
    return sentences.read_sentences(LOCALE_FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.mo")


@cache
def translator(lang: Lang) -> Translator:
    """The translator of a language; loaded once.

    Raises
    ------
    KeyError
        If `lang` is neither ``zh`` nor ``en``.
    """
    if lang not in {"zh", "en"}:
        raise KeyError(lang)
    return Translator(lang)
