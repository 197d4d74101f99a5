"""Files of the folder: scanned, their type told, quarantined."""
