"""The output folder: where it may lie, whose it is, and that only one command writes into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ybda_qc.engine.ports import Progress
from ybda_qc.errors import InputError
from ybda_qc.store import LEDGER_NAME, LOCK_NAME, ledger_to_read, lock_output


def default_output(batch: Path) -> Path:
    """Where reports go unless told: beside the current folder's other work, named after the batch."""
    return Path.cwd() / f"{batch.resolve().name}-qc"


@contextmanager
def output_folder(batch: Path, out: Path, command: str = "run") -> Iterator[Path]:
    """Make and lock the output folder of a run, or of a watched folder.

    Raises
    ------
    InputError
        If it lies inside the batch (it would be scanned next time), holds something else, cannot be written
        to, or another run is writing into it; and in the end, if somebody took its ledger away meanwhile.
    """
    out = out.absolute()
    _require_outside(out, batch)
    _make(out)
    with lock_output(out, command):
        yield out
        require_ledger(out)


def require_ledger(out: Path) -> None:
    """Nobody has taken the ledger away while a run goes on.

    Raises
    ------
    InputError
        If it is gone, or the whole folder is, as with a share that broke off.
    """
    try:
        (out / LOCK_NAME).stat()
    except OSError as error:
        raise InputError(
            "the output folder {out} is away ({reason}), and what was measured with it; if it is on a share, "
            "see to its connection and go on by running again",
            out=str(out),
            reason=error.strerror or str(error),
        ) from error
    if not (out / LEDGER_NAME).is_file():
        raise InputError(
            "{name} was taken out of {out} while the run was going on, and what was measured with it; "
            "delete what is left there and run again",
            name=LEDGER_NAME,
            out=str(out),
        )


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in out.iterdir()}
    except (FileExistsError, NotADirectoryError):
        raise InputError("{out} is not a folder; choose another with --out", out=str(out)) from None
    except OSError as error:
        raise InputError(
            "the output folder {out} cannot be used: {reason}",
            out=str(out),
            reason=error.strerror or str(error),
        ) from error
    if LEDGER_NAME in names or names <= {LOCK_NAME, "evidence"}:
        return
    if names & {LOCK_NAME, "report.json"}:
        raise InputError(
            "{out} holds reports of an earlier run, but {name} was taken away, and what was measured with "
            "it; put it back to go on, or delete what is left there or choose another folder with --out "
            "to begin anew",
            out=str(out),
            name=LEDGER_NAME,
        )
    raise InputError(
        "{out} holds other files and no earlier run; choose an empty or a new folder with --out",
        out=str(out),
    )


def folder_to_write(run: Path, out: Path | None, command: str, progress: Progress) -> Path:
    """Where a command writes what it makes of a run: into its folder, or into another one that was named.

    Raises
    ------
    InputError
        If the other one lies inside the batch or holds a run of its own, or the run cannot be read.
    """
    with ledger_to_read(run, command, progress) as ledger:  # brought up to date before the folder is locked
        latest = ledger.latest_run()
    if out is None or out.resolve() == run.resolve():
        return run
    if latest is not None:
        _require_outside(out, Path(latest.batch_root))
    if (out / LEDGER_NAME).exists():
        raise InputError("{out} holds another run; choose another folder with --out", out=str(out))
    return out.absolute()


def _require_outside(out: Path, batch: Path) -> None:
    if out.resolve().is_relative_to(batch.resolve()):
        raise InputError(
            "the output folder {out} lies inside the batch and would be scanned as part of it; "
            "choose a folder outside {batch} with --out",
            out=str(out),
            batch=str(batch),
        )


def run_folder(path: Path) -> Path:
    """An existing run folder.

    Raises
    ------
    InputError
        If there is no run in it.
    """
    if not (path / LEDGER_NAME).is_file():
        raise InputError(
            "{path} holds no run: no {name} in it; give the folder that `ybda-qc run --out` wrote",
            path=str(path),
            name=LEDGER_NAME,
        )
    return path.absolute()
