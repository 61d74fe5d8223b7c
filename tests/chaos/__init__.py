"""A centre under a seeded storm: real processes and brokers, a recorder that knows only what the outside sees."""
