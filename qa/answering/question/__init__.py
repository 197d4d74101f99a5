"""A question as a value: completed from the turns before it, and split if it asks for several things."""
