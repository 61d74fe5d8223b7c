"""How long everybody will wait: the real queue played forward over the plan, with habits learnt from the site's days.

A `Moment` is what is known now, `Habits` are what past days have taught, an `Outlook` is what follows. `docs/forecast.md`
says how well, measured.

Rule: pure. No I/O and no clock, and chance only by the seed that is given. Only what plays and learns may load NumPy:
`habits` and `moment` are read by processes that do not have it.
"""
