"""What a document says about itself: side files, dates, validity."""
