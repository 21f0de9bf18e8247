"""Records and items of a delivery weighed together."""

import pytest

from ybda_qc.checks._arrangement import Candidate, Reading, weigh

FITS = Reading(doubt=-6.0, is_headed=True, candidates=())


def reading(doubt: float, *candidates: Candidate, is_headed: bool = False) -> Reading:
    return Reading(doubt=doubt, is_headed=is_headed, candidates=candidates)


def candidate(record: int, margin: float, doubt: float = -6.0) -> Candidate:
    return Candidate(record=record, margin=margin, doubt=doubt, text="")


def test_what_both_ends_of_an_exchange_say_is_added_up() -> None:
    weights = weigh({0: reading(0.0, candidate(1, 3.0)), 1: reading(0.0, candidate(0, 3.5))})
    assert [(one.own, one.claim, one.total) for one in weights.values()] == [(3.0, 3.5, 6.5), (3.5, 3.0, 6.5)]
    assert (weights[0].claimant, weights[1].claimant) == (1, 0)


@pytest.mark.parametrize("length", [3, 10, 1000])
def test_slipped_rows_speak_for_each_other_over_any_length(length: int) -> None:
    weights = weigh({at: reading(1.0, candidate((at + 1) % length, 3.0)) for at in range(length)})
    assert {one.total for one in weights.values()} == {6.0}
    assert all(weights[at].claimant == (at - 1) % length for at in range(length))


def test_the_end_of_a_slip_whose_record_has_no_item_is_believed() -> None:
    weight = weigh({0: reading(1.0, candidate(7, 8.0))})[0]
    assert (weight.own, weight.claim) == (8.0, 0.0)
    assert weight.candidate is not None
    assert weight.candidate.record == 7


def test_a_record_that_its_own_item_agrees_with_is_not_meant() -> None:
    weights = weigh({0: reading(2.0, candidate(1, 12.0)), 1: FITS})
    assert (weights[0].own, weights[0].candidate) == (2.0, None)
    assert weights[1].total < 0.0


def test_a_record_that_fits_badly_itself_is_not_meant() -> None:
    weights = weigh({0: reading(2.0, candidate(1, 12.0, doubt=4.0)), 1: reading(8.0)})
    assert (weights[0].own, weights[0].candidate) == (2.0, None)


def test_a_text_that_agrees_with_two_records_claims_neither() -> None:
    weights = weigh({0: reading(6.0, candidate(1, 9.0), candidate(2, 9.0)), 1: reading(2.0), 2: reading(2.0)})
    assert (weights[1].claim, weights[2].claim) == (0.0, 0.0)


def test_no_claim_accuses_an_item_that_holds_a_copy_of_the_text() -> None:
    weights = weigh({0: reading(9.0, candidate(1, 30.0)), 1: reading(0.0, is_headed=True)})
    assert weights[1].total < 5.0
