"""Writers of derived copies: the picture and the text of pages as PDF, ALTO, hOCR and plain text."""
