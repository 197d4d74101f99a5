"""The page 检验题: the questions that judge what is published, where they come from, and the changes that wait."""
