"""What the agent keeps: every centre's events once, and each centre's state beside them."""
