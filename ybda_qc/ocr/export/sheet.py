"""What a page of a PDF shows beside its invisible text."""

from dataclasses import dataclass

from pikepdf import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The picture of a page in a PDF file.

    Parameters
    ----------
    picture
        An image or a form.
    is_form
        Which of the two.
    width_points, height_points
        Size at which it is shown.
    has_text
        Whether it has text of its own, so that it gets no second one.
    conforms
        Whether it is known to be as PDF/A-2u asks.
    size_bytes
        Of its data, roughly.
    """

    picture: Object
    is_form: bool
    width_points: float
    height_points: float
    has_text: bool = False
    conforms: bool
    size_bytes: int
