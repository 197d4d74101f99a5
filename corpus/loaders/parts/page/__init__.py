"""Parts of pages: what is drawn and seen on them."""
