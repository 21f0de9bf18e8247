"""What holds for all tests: none depends on how fast the machine is, and each keeps to one core."""

import os
import signal

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded

import cv2
from hypothesis import settings

cv2.setNumThreads(1)
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts things in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the programs under test inherit it
