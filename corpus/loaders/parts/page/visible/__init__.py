"""Which characters of a PDF page show."""
