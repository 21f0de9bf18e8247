"""imagecodecs as it is: it takes memory views and arrays, which its type stubs do not know."""

from typing import Any

import imagecodecs

codecs: Any = imagecodecs
