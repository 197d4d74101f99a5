"""What is computed from the figures of sentences and rows: comparisons, differences, sums, counts."""
