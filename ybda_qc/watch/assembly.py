"""The service with all that listens to it: terminal or log, port, webhook, supervisor."""

import sys
from collections.abc import Callable
from contextlib import ExitStack

from ybda_qc.report import Translator
from ybda_qc.watch.config import ServiceConfig
from ybda_qc.watch.health import Health
from ybda_qc.watch.http import HttpServer
from ybda_qc.watch.log import JsonLog, TextLog
from ybda_qc.watch.log_stream import patient
from ybda_qc.watch.metrics import Metrics
from ybda_qc.watch.news import Listener
from ybda_qc.watch.notify import Supervisor
from ybda_qc.watch.screen import Screen
from ybda_qc.watch.service import Service


def watch_folders(
    load: Callable[[], ServiceConfig],
    *,
    say: Translator,
    on_screen: bool,
    bell: bool = False,
    ends_on_hangup: bool = False,
) -> int:
    """Watch folders until a signal asks to stop; returns the exit code.

    Parameters
    ----------
    load
        Reads the configuration; called again whenever it is to be reloaded. Port and log stay as they were.
    say
        Language of messages and reports.
    on_screen
        Whether the terminal shows pages in large; else there is a line of the log for each.
    bell
        Whether the terminal rings for a bad page.
    ends_on_hangup
        Whether SIGHUP ends it, as a terminal that goes away sends it, and does not reload.

    Raises
    ------
    QcError
        If the configuration is wrong, or a folder, an output folder or the port cannot be had.
    """
    config = load()
    health, metrics = Health(), Metrics()
    with ExitStack() as stack:
        if config.http is not None:
            stack.enter_context(HttpServer(config.http, health, metrics))
        shown: Listener
        if on_screen:
            shown = stack.enter_context(Screen(say, bell=bell))
        else:
            stream = stack.enter_context(patient(sys.stdout))
            shown = JsonLog(stream, say) if config.log == "json" else TextLog(stream, say)
        service = Service(
            load,
            say=say,
            listeners=(health, metrics, shown),
            supervisor=Supervisor(),
            on_turn=health.beat,
            on_delivery=metrics.hear_delivery,
            ends_on_hangup=ends_on_hangup,
        )
        return service.run(config)
