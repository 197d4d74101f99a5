"""The page 发布: how files go to citizens, the snapshots, what each changes, and the way back."""
