"""What runs on other machines in the field: nginx, an object store, a second server."""
