"""What everything else stands on; nothing here imports another part of the SDK.

``runtime`` is the one place that reads a clock, sleeps, draws a random number or uses a thread.
"""
