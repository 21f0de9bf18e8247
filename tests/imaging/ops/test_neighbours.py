"""Vectors that are alike are found without comparing all with all."""

import numpy as np

from ybda_qc.imaging.ops.neighbours import nearest


def twins(count: int, noise: float, dimensions: int = 200) -> np.ndarray:
    """So many vectors of chance, and each once more with noise."""
    rng = np.random.default_rng(1)
    one = rng.integers(0, 16, (count, dimensions))
    other = np.rint(one + rng.normal(0, noise, one.shape))
    return np.clip(np.concatenate([one, other]), 0, 15).astype(np.uint8)


def test_each_vector_finds_its_twin_and_nothing_else() -> None:
    pairs, likeness, crowded = nearest(twins(100, 2.0), similarity=0.6, most=3)
    assert sorted(pairs.tolist()) == [[index, index + 100] for index in range(100)]
    assert (np.diff(likeness) <= 0).all()
    assert not crowded.any()


def test_nearly_all_twins_are_found_among_many() -> None:
    pairs, _, _ = nearest(twins(3000, 2.0), similarity=0.6, most=3)
    found = {tuple(pair) for pair in pairs.tolist()}
    assert len(found & {(index, index + 3000) for index in range(3000)}) > 0.98 * 3000
    assert len(found) <= 3000


def test_among_copies_of_a_form_the_twin_comes_first_and_the_crowd_is_told() -> None:
    form = np.random.default_rng(2).integers(0, 16, 200)
    filled = np.clip(np.rint(form + (twins(30, 1.0) - 7.5) * 0.4), 0, 15).astype(np.uint8)
    pairs, _, crowded = nearest(filled, similarity=0.6, most=1)
    assert {(index, index + 30) for index in range(30)} <= {tuple(pair) for pair in pairs.tolist()}
    assert crowded.all()


def test_vectors_without_differences_are_like_none() -> None:
    pairs, _, _ = nearest(np.full((5, 20), 3, np.uint8), similarity=0.6, most=3)
    assert len(pairs) == 0
