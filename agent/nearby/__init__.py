"""The centres around a centre: which give tickets now, and telling it to each site before it needs to know."""
