"""One promise a test; what it uses says whether it is slow (the real models) or needs a browser (tests/conftest.py)."""
