"""The reception of a centre: a touch becomes a number on this disk, then a slip of paper.

`flow` is what happens on the screen, from `targets` to `pages`, and `count` which number comes next, all pure; `sheet`
says what stands on a page, `plan` where, `view` draws it; `store` is the disk, `wording` what a slip says, `slip` the
paper; `clerk` does the work, on the thread of `office`; `app` puts them together.
"""
