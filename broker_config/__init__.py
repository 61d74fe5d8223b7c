"""What the two brokers are told: configuration and access lists, rendered from package data by pure functions."""
