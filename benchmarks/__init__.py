"""Measurements on the real processes, as ratios to what the same machine can do at the best in the same minute.

`make bench` prints the table of all of them. Rules, each from a measured error (absolute figures moved two to four
times with the neighbours, ratios by less than a quarter):

- limit and product alternate, round by round; the figure is the median of the rounds' ratios, with lowest and highest;
- same disk, same bytes, same durability, same broker with the same certificates on both sides;
- results are checked before a time counts: every event once, in order, with the bytes that were sent;
- a yardstick runs before and after each round; one in which it moved is taken again.
"""
