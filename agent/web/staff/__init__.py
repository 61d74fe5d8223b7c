"""What the staff of the network sees: the plan, in French, for whoever has the token."""
