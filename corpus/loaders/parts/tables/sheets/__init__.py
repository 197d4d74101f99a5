"""What workbooks show of their cells: hidden, narrow and merged ones, numbers and dates by their formats."""
