"""The reception of a centre: a touch becomes a number on this disk, then a slip of paper.

`dialogue` is what happens on the screen, `sheets` what stands on a page, both pure; `drawing` where and how it is
drawn, `guidance` how it is heard and done with one key, `desk` the work behind the screen, on a thread of its own;
`app` puts them together.
"""
