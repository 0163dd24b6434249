"""Decisions as tables and pure functions; nothing here sends, sleeps or reads a clock.

operations   one row per operation: whether a retry is safe, its budget, its time limit
retry        whether to retry after an error, and how long to wait; cadence: every interval of the SDK
responses    the payload of a response, or the error that it means
pacers       the interface of pacers; budgets: those of the SDK; states: which values end a wait
limits       the documented limits of arguments; settings, options, paths, variables: other checks of input;
             custom_requests: requests without an operation
hosts        which hosts are this machine, and which may use plain HTTP; no_proxy: which need no proxy
hooks        the arguments of on_response and on_event; tracing: the record for events and spans
pages        pages of lists, and the walk over them; messages: requests and responses
"""
