"""Schemas as the checks and the layout of this tree declare them, and a place to write profiles."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ybda_qc.catalogue.code_options import CodeOptions
from ybda_qc.catalogue.options import CatalogueOptions
from ybda_qc.checks import batch, page
from ybda_qc.checks._base import Check
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.profile import CheckSchema, Schemas

Write = Callable[[str, str], Path]


def tree_checks() -> Iterator[type[Check]]:
    """Every check class that stands in the tree, registered or not."""
    for package in (page, batch):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for _, value in inspect.getmembers(module, inspect.isclass):
                if issubclass(value, Check) and value.__module__ == module.__name__ and hasattr(value, "id"):
                    yield value


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    checks = {
        check.id: CheckSchema(method=check.method, codes={code.name: code.limits for code in check.codes})
        for check in tree_checks()
    }
    return Schemas(checks=checks, layout=LayoutOptions, codes=CodeOptions, catalogue=CatalogueOptions)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a profile file into the test's folder."""

    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _write
