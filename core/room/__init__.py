"""The rules of a centre: pure, no I/O, no clock, no chance.

`commands` are wishes, `decide` turns one into `events` or a rejection, `state` folds events, `transitions` is the life
of a ticket, `passage` says who is next, `numbering` what is printed on the slip, `ordering` and `day` what time means.
"""
