"""The rare kinds of JPEG and PNG that the strict decoders do not take, decoded by Pillow."""

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.values import Bytes

Samples = NDArray[np.uint8] | NDArray[np.uint16]


def samples_by_pillow(data: Bytes, format_name: str) -> Samples:
    """Samples of a picture whose size was checked already.

    Returns
    -------
    Samples
        uint8 or uint16, (H, W) or (H, W, C); bitonal as 0 and 255; palettes are applied; inverted ink of
        Adobe's CMYK is turned.

    Raises
    ------
    ImageFault
        ``unreadable``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=(format_name,)) as image:
                return _array(image)
    except MemoryError:
        raise
    except Image.DecompressionBombError:
        raise ImageFault("too-large", "More pixels than are decoded of this kind of file.") from None
    except Exception as error:  # noqa: BLE001 - the file's fault, whatever the library calls it
        words = (str(error) or type(error).__name__).splitlines()[0][:100]
        raise ImageFault("unreadable", f"The {format_name} data are damaged ({words}).") from None


def _array(image: Image.Image) -> Samples:
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16)
    if image.mode == "YCbCr":
        image = image.convert("RGB")
    return np.array(image, dtype=np.uint8)
