"""The watched folder under load, under kills, on an idle station, and over hours.

    python benchmarks/watch.py [--files 10000] [--kills 20] [--idle-pages 100] [--seed 1] [--folder DIR]
    python benchmarks/watch.py --soak 30
    python benchmarks/watch.py --backlog 2000 [--large 0.2]

Several processes write page files into two inboxes, one with the events of the system and one that is polled,
in the ways in which scanners and copy tools write; meanwhile the service is killed at random moments and
started again. Then it is compared: what lies in the folder, what the service says of it, and what `run` says
of it. Then a single page every three seconds goes to a service that has nothing else to do. The clock of the
writers and that of the service's log are the same, so that waits can be told.

Everything is made in a temporary folder and removed, unless something is not as it should be. Exits with 1 if
so. Needs Linux.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from _watch.backlog import run_backlog
from _watch.load import LoadOptions, run_load
from _watch.station import run_idle, run_soak


def main() -> None:
    """Write, watch, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000, help="written in all; 0: no load")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--writers", type=int, default=4, help="processes that write")
    parser.add_argument(
        "--rate", type=float, default=12.0, help="files begun a second, by all writers together"
    )
    parser.add_argument("--idle-pages", type=int, default=100, help="of an idle station; 0: none")
    parser.add_argument("--soak", type=float, default=0.0, help="minutes of endurance, instead of all else")
    parser.add_argument("--backlog", type=int, default=0, help="files that lie there at the start")
    parser.add_argument("--large", type=float, default=0.2, help="share of A4 pages in the backlog")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="workers of the service")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to make everything; default: a temporary folder")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ybda-qc-watch-", dir=options.folder))
    is_sound = True
    if options.soak:
        is_sound = run_soak(folder / "soak", minutes=options.soak, jobs=options.jobs)
    elif options.backlog:
        is_sound = run_backlog(
            folder / "backlog", files=options.backlog, large_share=options.large, jobs=options.jobs
        )
    else:
        if options.files:
            load = LoadOptions(
                files=options.files,
                kills=options.kills,
                seed=options.seed,
                writers=options.writers,
                rate=options.rate,
                jobs=options.jobs,
            )
            is_sound = run_load(load, folder / "load")
        if options.idle_pages:
            is_sound &= run_idle(folder / "idle", pages=options.idle_pages, jobs=options.jobs)
    if is_sound:
        shutil.rmtree(folder)
    else:
        sys.exit(f"\nNot as it should be; everything is left in {folder}")


if __name__ == "__main__":
    main()
