"""The rules of a centre: pure, no I/O, no clock, no chance.

`commands` are wishes; `decide` turns one into `events` or a rejection, by the rules of `press`, `staff`, `presence`,
`intake` and `undo`; `state` folds events. `transitions` is the life of a ticket, `duty` that of a practitioner's
presence. `passage` says who is next and holds what a centre may set; `roster` and `opening` are its plans. `numbering`
is what is printed on the slip, `ordering` and `day` what time means, `rebuild` a day whose journal is lost.
"""
