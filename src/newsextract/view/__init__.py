"""Results for readers: coloured text and tables in a terminal, and a page of evidence in HTML."""
