"""The process that workers are forked from. It imports little, so that it can be started first of all."""

import multiprocessing
import os
import signal
from multiprocessing import forkserver, resource_tracker
from typing import Final

_LIBRARIES: Final = ("__main__", "ybda_qc.engine.worker", "ybda_qc.checks._registry")  # none starts a thread
HAS_SERVER: Final = "forkserver" in multiprocessing.get_all_start_methods()
_LINEAR_ALGEBRA: Final = ("OPENBLAS", "MKL")  # what numpy may have been built with


def start_server() -> None:
    """Start the server that workers are forked from; it loads their libraries while this process goes on.

    Does nothing where it runs already, or where workers are started anew.

    A fresh interpreter would look for modules in the current folder first, which may be a vendor's batch:
    nothing there is ever imported. There is a process a core: threads of the linear algebra behind numpy
    would only wait for each other, and burn a fifth of the processor time of a page by it.

    Raises
    ------
    OSError
        If the system starts no process.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    for library in _LINEAR_ALGEBRA:
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if not HAS_SERVER:
        return
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(_LIBRARIES))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()  # which lets go of a mask of SIGINT
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        forkserver.ensure_running()  # workers inherit the mask: none sees a Ctrl-C, or a terminal hang up
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
