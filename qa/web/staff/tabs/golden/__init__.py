"""检验题: the questions that refreshes are judged by, the form for one of them, the changes that wait."""
