"""What an engine for reading text is."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ybda_qc.model import TextLine

Pixels = NDArray[np.uint8]


class Engine(Protocol):
    """Reads text from upright pages; one instance a worker, on one thread."""

    def read(self, pixels: Pixels, dpi: float | None) -> Sequence[TextLine]:
        """Read a page, or a tile of one.

        Parameters
        ----------
        pixels
            Upright, uint8, (H, W) grey or (H, W, 3) RGB.
        dpi
            Resolution of these pixels, None where it is not known.

        Returns
        -------
        Sequence[TextLine]
            Lines in reading order; boxes in pixels of the array that was given.
        """
