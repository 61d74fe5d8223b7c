"""The way through the pages by ear and by one key."""
