"""问答记录: the log of questions as staff search and read it."""
