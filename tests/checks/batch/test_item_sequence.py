"""Numbers of items: gaps and starts inside the lowest class, by files and catalogue together."""

import pytest

from tests.checks.batch.memory import MemoryView, inspect_batch, make_batch, summary
from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.catalogue.code_options import CodeOptions
from ybda_qc.checks.batch.sequence import SequenceCheck
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.model import Batch, Catalogue, CatalogueIdentity, Finding, Item, Record

HEAD = "A182-WS·2022-Y-XZ"
OTHER = "A182-WS·2022-D30-XZ"


@pytest.fixture(scope="module")
def national() -> tuple[LayoutOptions, CodeOptions]:
    profile = load_profile("da-t-31-2017", registered_checks())
    return profile.layout, profile.codes


def look(
    national: tuple[LayoutOptions, CodeOptions], items: list[str], records: tuple[str, ...] = ()
) -> list[Finding]:
    layout, codes = national
    catalogue = Catalogue(
        identity=CatalogueIdentity(path="c", sha256="0" * 64, tables=()),
        records=tuple(Record(sheet="", row=at, values={"code": code}) for at, code in enumerate(records)),
    )
    batch = make_batch([f"{item}/0001.jpg" for item in items], layout)
    return inspect_batch(SequenceCheck(), MemoryView(batch, codes=codes, catalogue=catalogue))


def test_a_gap_between_items_is_told_once_for_its_series(national):
    found = look(national, [f"{HEAD}-{number:04d}" for number in (1, 2, 5, 6, 8)])
    assert summary(found) == [("item-gap", HEAD)]
    assert found[0].message == f"missing numbers of items 件号 or volumes 案卷号 in {HEAD} (3): 3-4, 7"
    assert found[0].value == 3


def test_an_item_that_the_catalogue_lists_is_no_gap(national):
    items = [f"{HEAD}-{number:04d}" for number in (1, 3)]
    assert summary(look(national, items, (f"{HEAD}-0002",))) == []


def test_another_start_is_told_and_each_series_stands_alone(national):
    found = look(national, [f"{HEAD}-0001", f"{OTHER}-0007", f"{OTHER}-0008"])
    assert summary(found) == [("item-start", OTHER)]


def test_codes_that_cannot_be_read_and_profiles_without_codes_say_nothing(national):
    layout, _ = national
    assert summary(look(national, ["scan 1", "scan 7"])) == []
    batch = make_batch([f"{HEAD}-{number:04d}/0001.jpg" for number in (1, 5)], layout)
    assert inspect_batch(SequenceCheck(), MemoryView(batch)) == []


def test_items_in_folders_of_the_years_are_of_one_series(national):
    _, codes = national
    items = [Item(code=f"{number}/{HEAD}-{number:04d}") for number in (1, 2, 4)]
    batch = Batch(root="/batch", files=(), items=tuple(items))
    found = inspect_batch(SequenceCheck(), MemoryView(batch, codes=codes))
    assert summary(found) == [("item-gap", HEAD)]
