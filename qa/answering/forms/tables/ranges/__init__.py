"""Cases, months, days, weekdays and hours of a question within those that the rows of a table name."""
