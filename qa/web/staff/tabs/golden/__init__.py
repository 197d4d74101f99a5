"""检验题: the questions that judge refreshes, the form for one of them, the waiting changes."""
