"""Reading the text of pages: engines behind one protocol, and what is made of the text."""
