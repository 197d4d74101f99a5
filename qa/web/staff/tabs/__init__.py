"""The tabs of the staff area, one file each."""
