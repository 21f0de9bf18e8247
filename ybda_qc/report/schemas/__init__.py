"""JSON Schemas (draft 2020-12) of the report files: ``report.json`` and a line of ``pages.jsonl``."""

import json
from importlib import resources
from typing import Any, Literal


def schema(name: Literal["report", "pages"]) -> dict[str, Any]:
    """The schema of ``report.json`` (`report`) or of a line of ``pages.jsonl`` (`pages`)."""
    text = (resources.files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
