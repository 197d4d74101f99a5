"""What citizens and staff see and reach over HTTP."""
