"""What shows in office files, compared with the pages that LibreOffice prints of them."""
