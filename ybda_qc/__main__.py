"""The entrance of ``ybda-qc`` and of ``python -m ybda_qc``."""

import sys
from contextlib import suppress
from pathlib import Path

_WITH_WORKERS = {"run", "export", "watch"}  # commands


def main() -> None:
    """Load the commands and run the one that was asked for."""
    # Worker processes load this module, too, and have no use for any command.
    from ybda_qc.errors import ExitCode  # noqa: PLC0415

    try:
        if not _WITH_WORKERS.isdisjoint(sys.argv):
            _start_server()
        from ybda_qc.cli.main import main as command  # noqa: PLC0415
    except KeyboardInterrupt:  # loading takes a second or two, before `command` can listen to signals
        raise SystemExit(ExitCode.INTERRUPTED) from None
    command()


def _start_server() -> None:
    """Have the libraries of workers loaded by another process, while this one loads the commands."""
    from ybda_qc.engine.executors.server import start_server  # noqa: PLC0415

    with suppress(OSError):  # only to save time: the executor tells what is wrong
        start_server()


def _leave_out_current_folder() -> None:
    """Look for no module where ``python -m`` looks first: the current folder may be a vendor's batch."""
    with suppress(OSError):  # there may be no current folder
        here = Path.cwd()
        if sys.path[:1] in ([""], [str(here)]) and here != Path(__file__).parents[1]:
            del sys.path[0]


if __name__ == "__main__":
    _leave_out_current_folder()
    main()
