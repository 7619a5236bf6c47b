"""A report's view in, files out: the page, provider cards, the workbook, the SQL that decided."""
