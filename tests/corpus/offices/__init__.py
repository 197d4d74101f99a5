"""Formats of offices: LibreOffice, OFD, archives and mails."""
