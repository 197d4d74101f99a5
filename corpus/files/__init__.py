"""Files of the folder: scanning, types, quarantine."""
