"""Of the clauses of a quotation the one that answers: by its case, its name, its superlative, its deadline."""
