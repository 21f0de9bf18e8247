"""An output folder belongs to one run at a time, and to nobody once that run is dead."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ybda_qc.errors import ExitCode, InputError
from ybda_qc.store import lock_output
from ybda_qc.store.lock import LOCK_NAME

HOLDER = """
    import sys
    from pathlib import Path
    from ybda_qc.store import lock_output

    with lock_output(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.readline()
"""

FORKING_HOLDER = """
    import os, sys, time
    from pathlib import Path
    from ybda_qc.store import lock_output

    with lock_output(Path(sys.argv[1])):
        child = os.fork()
        if child == 0:
            print(os.getpid(), flush=True)  # from here, where the lock was forgotten, not from the parent
            time.sleep(60)
            os._exit(0)
        sys.stdin.readline()
"""


def start(script: str, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )


def test_a_second_run_is_refused_with_process_and_time_of_the_first(tmp_path):
    with start(HOLDER, tmp_path) as holder:
        assert holder.stdout.readline().strip() == b"held"

        with pytest.raises(InputError, match="in use by `ybda-qc run`") as refused, lock_output(tmp_path):
            pass
        holder.communicate(b"\n")

    assert refused.value.exit_code is ExitCode.INPUT
    assert refused.value.values["pid"] == holder.pid
    assert str(refused.value.values["since"]).startswith("20")
    with lock_output(tmp_path):
        pass


def test_the_same_process_is_refused_as_well_and_the_first_lock_holds_on(tmp_path):
    with lock_output(tmp_path):
        for _ in range(2):
            with pytest.raises(InputError, match=f"process {os.getpid()}"), lock_output(tmp_path):
                pass


def test_other_folders_are_free(tmp_path):
    with lock_output(tmp_path / "a"), lock_output(tmp_path / "b"):
        pass


def test_an_error_inside_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), lock_output(tmp_path):
        raise ZeroDivisionError
    with lock_output(tmp_path):
        pass


def test_a_file_left_behind_means_nothing_whatever_is_in_it(tmp_path):
    (tmp_path / LOCK_NAME).write_bytes(b"\xff\0 nonsense" * 50)

    with lock_output(tmp_path):
        assert b"nonsense" not in (tmp_path / LOCK_NAME).read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_holder_holds_nothing(tmp_path):
    with start(HOLDER, tmp_path) as holder:
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    with lock_output(tmp_path):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_worker_that_outlives_its_killed_parent_does_not_hold_the_folder(tmp_path):
    with start(FORKING_HOLDER, tmp_path) as holder:
        worker = int(holder.stdout.readline())
        try:
            with pytest.raises(InputError), lock_output(tmp_path):
                pass
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            os.kill(worker, 0)  # still alive
            with lock_output(tmp_path):
                pass
        finally:
            os.kill(worker, signal.SIGKILL)


def test_a_folder_that_cannot_be_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(InputError, match="cannot be written to or locked"),
        lock_output(tmp_path / "file" / "out"),
    ):
        pass
