"""Pages of a PDF file as forms: what they show is kept as it is, what they could do is left behind.

Scripts, links and forms to fill in stay in the original. An older invisible text over a scan is left out: the
text that was read takes its place. A page that shows text keeps it, and gets no other.
"""

from typing import Any

import pikepdf
from pikepdf import Name, Page, Pdf

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.view import PageView
from ybda_qc.ocr.export.sheet import Sheet

_SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_FORM_DEPTH = 5


def form_of(pdf: Pdf, view: PageView) -> Sheet:
    """A page of a PDF file as a form in another.

    Raises
    ------
    ImageFault
        The page cannot be copied.
    """
    header = view.header
    try:
        with pikepdf.open(view.source.path) as original, pikepdf.new() as single:
            single.pages.append(original.pages[view.frame - 1])
            page = single.pages[0]
            if "/Annots" in page:
                single.flatten_annotations("screen")
            if header.is_single_image:
                _remove_text(single, page.obj, 0)
            page.trimbox = page.cropbox  # which is what a form is cut by
            width, height = _size(page)
            form = pdf.copy_foreign(page.as_form_xobject())
    except pikepdf.PdfError as error:
        words = str(error).splitlines()[0][:100]
        raise ImageFault("unreadable", f"The PDF page cannot be copied ({words}).") from None
    return Sheet(
        picture=form,
        is_form=True,
        width_points=width,
        height_points=height,
        has_text=bool(header.has_text_layer) and not header.is_single_image,
        conforms=False,
        size_bytes=len(view.source.data) // header.frame_count,
    )


def _size(page: Page) -> tuple[float, float]:
    """Width and height in points as displayed."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    return (height, width) if int(page.obj.get("/Rotate", 0)) % 180 else (width, height)


def _remove_text(pdf: Pdf, holder: Any, depth: int) -> None:
    """Leave out of a page or form, and of the forms in it, whatever shows text."""
    content = pikepdf.unparse_content_stream(
        [step for step in pikepdf.parse_content_stream(holder) if str(step.operator) not in _SHOWS_TEXT]
    )
    if isinstance(holder, pikepdf.Stream):
        holder.write(content)
    else:
        holder.Contents = pdf.make_stream(content)
    objects = holder.get("/Resources", {}).get("/XObject", {})
    for name in list(objects.keys()) if depth < _FORM_DEPTH else ():
        if objects[name].get("/Subtype") == Name.Form:
            _remove_text(pdf, objects[name], depth + 1)
