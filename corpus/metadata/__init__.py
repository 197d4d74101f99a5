"""What a document says about itself: side files and dates."""
