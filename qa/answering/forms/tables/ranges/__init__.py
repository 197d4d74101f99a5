"""Cases, days and hours of a question within the spans that the rows of a table name."""
