"""Dates due 移交期限: by when what of a batch must be at which archive."""

import calendar
from collections import Counter
from collections.abc import Iterable
from datetime import date

from ybda_qc.model import ArchivalCode, DueDate
from ybda_qc.profile import HandoverOptions


def due_dates(codes: Iterable[ArchivalCode], options: HandoverOptions) -> tuple[DueDate, ...]:
    """Dates due of the items of a batch, by fonds and year, then by fonds and round.

    Parameters
    ----------
    codes
        Of the items; those of fonds that the profile does not name are left out.
    options
        Bodies, archives and periods.
    """
    bodies = {body.fonds: body for body in options.bodies}
    counts = Counter((code.parts.get("fonds", ""), code.year) for code in codes)
    found = []
    for (fonds, year), items in sorted(counts.items(), key=lambda entry: (entry[0][0], entry[0][1] or 0)):
        body = bodies.get(fonds)
        if body is None:
            continue
        dates = []
        if options.documents_due and year is not None:
            dates.append((str(year), date.fromisoformat(f"{year + 1}-{options.documents_due}")))
        if options.round_months:
            dates += [
                (
                    f"{one.title} · {year}" if year else one.title,
                    _months_after(one.ends, options.round_months),
                )
                for one in options.rounds
                if fonds in (one.fonds or (fonds,))
            ]
        found += [
            DueDate(fonds=fonds, body=body.name, archive=body.archive, what=what, items=items, due=due)
            for what, due in dates
        ]
    return tuple(found)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
