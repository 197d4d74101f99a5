"""One promise a test; what needs the real model is marked slow, what needs Chromium browser."""
