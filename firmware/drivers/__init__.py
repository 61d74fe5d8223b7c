"""The hardware of a centre: each device a port with a real driver and a named fake beside it.

Rule: a driver knows no role and no link. Configuration names the driver; there is no silent fall-back to another.
"""
