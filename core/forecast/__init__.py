"""How long everybody will wait: the real queue played forward over the plan, by the habits of past days.

A `Moment` is what is known now, `Habits` are what past days have taught, an `Outlook` is what follows; how good it is,
measured, is in `docs/forecast.md`.

Rule: pure. No I/O and no clock, and chance only by the seed that is given. Only what plays and learns may load NumPy:
`habits` and `moment` are read by processes that do not have it.
"""
