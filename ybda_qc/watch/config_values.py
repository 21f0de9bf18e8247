"""Parts of the service's configuration, checked and ready for use."""

from pathlib import Path

from pydantic import Field

from ybda_qc.model.watching import EventKind
from ybda_qc.profile.options import OcrEngine, Options
from ybda_qc.watch.config_tables import DEFAULT_PROFILE, EventSource


class HttpAddress(Options):
    """Where the service answers; port 0 is any that is free."""

    host: str
    port: int = Field(ge=0, le=65535)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class InboxConfig(Options):
    """A folder that is watched; all paths are absolute. Without a catalogue the one in the folder counts."""

    path: Path
    name: str
    out: Path
    profile: str = DEFAULT_PROFILE
    catalogue: Path | None = None
    ocr: OcrEngine | None = None
    events: EventSource = "auto"
    poll_seconds: float = 2.0


class WebhookConfig(Options):
    """The server that is told of events; ``key`` is the secret, decoded."""

    url: str
    key: bytes = Field(repr=False)
    events: tuple[EventKind, ...]
