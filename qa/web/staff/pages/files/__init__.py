"""The page 文件: the files behind the answers, their upload, and the way from there to citizens."""
