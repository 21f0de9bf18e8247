"""Whether a watched folder is there: a share may be disconnected, be empty for that, or not answer at all."""

from pathlib import Path
from typing import Final

from ybda_qc.model import Scalar
from ybda_qc.report import mark as _
from ybda_qc.watch.known import KnownFiles
from ybda_qc.watch.news import Message
from ybda_qc.watch.places import Places
from ybda_qc.watch.sightings import Look, Sightings
from ybda_qc.watch.troubles import AWAY, SILENT, UNREADABLE, Troubles

SILENT_SECONDS: Final = 20.0
"""No disk needs so long for one answer."""


class Presence:
    """Says what keeps a folder from being seen, and when it is over.

    Parameters
    ----------
    root
        The watched folder.
    sightings, places
        Walk through it, and look at its files.
    known
        The files that were taken in from it.
    troubles
        Told of what there is to say.
    """

    def __init__(
        self,
        root: Path,
        *,
        sightings: Sightings,
        places: Places,
        known: KnownFiles,
        troubles: Troubles,
    ) -> None:
        self._root = root
        self._sightings = sightings
        self._places = places
        self._known = known
        self._troubles = troubles

    # --- silence -------------------------------------------------------------------------------------------

    @property
    def silence(self) -> Message | None:
        """What there is to say where the disk gives neither an answer nor an error; for any thread."""
        seconds = max(self._sightings.asking.seconds, self._places.asking.seconds)
        return self._message(seconds) if seconds >= SILENT_SECONDS else None

    @property
    def is_silent(self) -> bool:
        """Whether nothing is to be begun, as the disk would not answer."""
        return SILENT in self._troubles

    def answers_again(self) -> bool:
        """Say of a silence that it has begun, or is over; whether one has just ended."""
        waited = max(self._sightings.asking.seconds, self._places.asking.take_stalled())
        if waited >= SILENT_SECONDS:
            self._troubles.begin(SILENT, self._message(waited))
            return False
        was_silent = self.is_silent
        self._troubles.end(SILENT)
        return was_silent

    def _message(self, seconds: float) -> Message:
        template = _(
            "the folder {folder} has not answered for {seconds} s; if it is a share, see to its connection; "
            "files are taken in again when it answers"
        )
        return Message(template=template, values={"folder": str(self._root), "seconds": int(seconds)})

    # --- what is seen --------------------------------------------------------------------------------------

    def is_seen(self, look: Look) -> bool:
        """Whether a look at the folder counts; says what it shows of its state."""
        if not look.is_whole:
            if AWAY in self._troubles and look.files:
                self._sightings.ask()
            return AWAY not in self._troubles
        reason = self._why_away(look)
        if reason is not None:
            self._troubles.begin(AWAY, reason)
            self._known.all_missing()
            return False
        self._troubles.end(AWAY)
        self._note_unreadable(look)
        return True

    def _why_away(self, look: Look) -> Message | None:
        """Why the folder cannot be seen; one that lost all at once is a share that is not connected."""
        if look.away is not None:
            template = _("the folder {folder} cannot be read ({reason}); what was found in it stays as it is")
        elif not look.files and not look.unreadable and self._known.are_expected:
            template = _(
                "the folder {folder} is empty, though files were taken in from it; if it is a share, see "
                "that it is connected; what was found in it stays as it is"
            )
        else:
            return None
        return Message(template=template, values={"folder": str(self._root), "reason": look.away or ""})

    def _note_unreadable(self, look: Look) -> None:
        if not look.unreadable:
            self._troubles.end(UNREADABLE)
            return
        values: dict[str, Scalar] = {"count": len(look.unreadable), "folder": look.unreadable[0]}
        template = _("{count} folders cannot be opened, {folder} among them: what lies in them is not seen")
        self._troubles.begin(UNREADABLE, Message(template=template, values=values))
