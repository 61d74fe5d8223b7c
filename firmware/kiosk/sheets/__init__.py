"""What stands on each page, in words: pure."""
