"""What citizens and staff reach over HTTP: pages, API, and the guards in front of them."""
