"""The tables of the service's configuration file as they are written, each checked by itself."""

from typing import Literal

from pydantic import Field

from ybda_qc.model.watching import EventKind
from ybda_qc.profile.options import OcrEngine, Options

LogForm = Literal["text", "json"]
EventSource = Literal["auto", "native", "poll"]

DEFAULT_PROFILE = "scan-station"
DEFAULT_EVENTS = (EventKind.ITEM_CLOSED, EventKind.ITEM_UPDATED)


class ServiceTable(Options):
    """``[service]``: what holds for all folders."""

    jobs: int | None = Field(default=None, ge=1, le=1024, description="worker processes; default one a core")
    log: LogForm = Field(default="text", description="text: a line for people; json: an object a line")
    http: str = Field(default="", description="address of /healthz and /metrics, host:port; empty: none")
    min_free_mb: int = Field(default=500, ge=0, description="with less room in MiB nothing is taken in")


class InboxTable(Options):
    """``[[inbox]]``: a folder that is watched."""

    path: str = Field(min_length=1, description="the folder")
    name: str = Field(default="", max_length=80, description="how it is called; default its last part")
    out: str = Field(default="", description="output folder; default <name of the folder>-qc")
    profile: str = Field(default=DEFAULT_PROFILE, min_length=1, description="id or TOML file")
    catalogue: str = Field(default="", description="catalogue 目录; empty: the one in the folder, if any")
    ocr: OcrEngine | None = Field(default=None, description="overrides the profile")
    events: EventSource = Field(
        default="auto", description="native: the system tells of changes; poll: the folder is listed again"
    )
    poll_seconds: float = Field(default=2.0, ge=0.1, le=3600, description="how often it is listed again")


class WebhookTable(Options):
    """``[webhook]``: the server that is told of events."""

    url: str = Field(default="", description="its address; empty: none")
    secret_file: str = Field(default="", description="file with the secret that signs deliveries")
    events: tuple[EventKind, ...] = Field(default=DEFAULT_EVENTS, description="what is delivered")
