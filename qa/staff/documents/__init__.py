"""Documents as staff manage them: list, side files, uploads, withdrawal."""
