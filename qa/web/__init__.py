"""Everything reached over HTTP: pages, API, and the guards in front of them."""
