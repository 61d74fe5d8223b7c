"""Who is planned where, for the coming weeks: the agent's own, edited here and sent down to the sites."""
