"""A question as a value, made whole from the turns before it, taken apart where it asks for several things."""
