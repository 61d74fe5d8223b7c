"""Measurements on the real processes; each prints its figures, none asserts them."""
