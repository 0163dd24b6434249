"""The foundation of all other folders; nothing here depends on the API.

errors       every exception, with its attributes
arguments    checks of arguments, one rule for each kind
json_form    the JSON form of Python values; values: OMIT, and small conversions
secrets      values that no message, log or traceback may show
runtime      clock, sleep, random numbers: every wait goes through it; threads: work that Ctrl-C may interrupt
files        atomic writes; sqlite, redis: the one place that opens each
forks        resources that a forked process must not inherit; nesting: limits for hostile JSON
"""
