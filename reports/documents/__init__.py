"""Documents to print: the yearly report of a strategy and briefs of one page, as HTML, PDF and DOCX."""
