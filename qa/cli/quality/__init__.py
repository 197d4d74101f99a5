"""The commands that keep and measure the quality of answers: golden questions, and what is scored by them."""
