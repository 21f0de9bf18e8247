"""What docs/accuracy.md says around its tables."""

HEAD = """\
# How exact the checks are

<!-- Written by benchmarks/accuracy.py; what stands between marks at the end is not. -->

`{command}`, profile `{profile}`. {sound} sound pages of all layouts, papers, inks, colour modes and
resolutions, and graded defects laid over such pages, go through the product as files. For each defect the
generator names the strength at which a person would send the page back (**bold** below), and why. In
brackets: hits/pages; 95 % interval (Wilson). A false alarm is a verdict *review* or *fail* that the truth of
the page does not justify; notes never hold a page and are counted apart. The defects were designed apart from
the checks, but within the same project: figures on real scans, further down, weigh more."""

TARGETS = """\
## Targets

At the strength at which a person would send the page back, recall at least 98 %; false alarms on sound pages
at most 0.5 % a check and 2 % a page over all checks together; skew with a mean error of 0.05 degrees, 99 %
within 0.2; 99.5 % of blank pages found and no page with content called blank; orientation 99 % right.

Over all checks together {together} of the sound pages are held."""

PAGES = """\
*No answer*: not applicable or unsure, on sound pages. *Precision*: of the pages that the check held in this
mixture of sound and strongly defective pages, those that had its defect.

File facts (format, resolution, damage) are exact and have no error rate here; false alarms are counted."""

CLOSE = """\
*Close*: within 0.2 degrees of skew, the right quarter turn, 0.5 mm, 15 % of the resolution, 3 pixels."""

REAL = """\
## Real scans

{files} files ({pages} pages) of many origins with known truth: books, typescripts, forms, vertical Chinese
prints, receipts, archive masters, and files damaged on purpose. They are not part of this repository. Faults
of the program: {faults}."""

ALARMS = """\
### Findings on sound scans

What holds {sound} scans that the manifest calls upright, level and sound. Some of it is true, for nobody
promised that these scans are good; the reader may judge."""

LAID = """\
### Defects laid over real scans

Pages that the check had spoken of before are left out."""
