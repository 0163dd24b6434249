"""What everything else stands on; nothing here knows the API.

errors       every exception, with its attributes
arguments    checks of arguments, one rule for each kind
json_form    from a Python value to its JSON form; values: OMIT, and small conversions
secrets      values that no message, log or traceback may show
runtime      clock, sleep, random numbers, threads: every wait goes through it
files        atomic writes; sqlite, redis: the one place that opens each
forks        what a forked process must not inherit; nesting: limits of hostile JSON
"""
