"""Trees stored as arrays score as the ensemble they were fitted as."""

import io
from pathlib import Path

import numpy as np
import pytest

from newsextract.errors import ModelError
from newsextract.scoring import Trees, read_trees, scorer


def stump(threshold: float, low: float, high: float) -> Trees:
    return Trees(
        features=np.array([1, 0, 0], dtype=np.int32),
        thresholds=np.array([threshold, 0, 0], dtype=np.float32),
        left=np.array([1, 1, 2], dtype=np.int32),
        right=np.array([2, 1, 2], dtype=np.int32),
        values=np.array([0, low, high], dtype=np.float32),
        roots=np.array([0], dtype=np.int32),
        outputs=np.array([0], dtype=np.int32),
        baseline=np.array([0.0], dtype=np.float32),
        depth=1,
        width=2,
    )


def test_a_row_goes_left_up_to_the_threshold() -> None:
    rows = np.array([[9, 1.0], [9, 2.0], [9, 2.5]], dtype=np.float32)
    assert stump(2.0, -1.0, 1.0).raw(rows)[:, 0].tolist() == [-1.0, -1.0, 1.0]


def test_probabilities_sum_to_one() -> None:
    probabilities = stump(0.0, -2.0, 2.0).probabilities(np.array([[0, -1], [0, 1]], dtype=np.float32))
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert probabilities[0, 1] < 0.5 < probabilities[1, 1]


def test_rows_of_another_width_are_refused() -> None:
    with pytest.raises(ModelError, match="2 features, got 3"):
        stump(0.0, 0.0, 0.0).raw(np.zeros((1, 3), dtype=np.float32))


def test_written_and_read_again(tmp_path: Path) -> None:
    trees = stump(0.5, -1.0, 1.0)
    trees.save(str(tmp_path / "x.npz"))
    again = read_trees(tmp_path / "x.npz")
    rows = np.array([[0, 0], [0, 1]], dtype=np.float32)
    assert np.array_equal(again.raw(rows), trees.raw(rows))


@pytest.mark.parametrize("content", [b"", b"not an archive", io.BytesIO().getvalue() + b"PK\x03\x04junk"])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ModelError, match="not a readable scorer"):
        read_trees(tmp_path / "x.npz")


def test_packaged_scorers_are_complete() -> None:
    for name in ("name", "name_role", "party", "sum", "sum_again", "recipient", "argument", "truth", "status"):
        assert scorer(name).depth >= 1
