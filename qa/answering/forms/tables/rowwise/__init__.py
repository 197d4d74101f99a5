"""What is computed of the rows of one table: which rows and which column a question means, and what it asks of them."""
