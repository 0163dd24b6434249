"""HTTP/1.1 on a socket.

`connection` serves one client: it feeds bytes to `framing`, which cuts them into heads and bodies;
`heads` parses a request head and writes a response head. Framing and heads do no I/O. An ambiguous
request is refused, never guessed. The connection answers requests in order, applies the time limits of
the server, and damages the transfer when a fault asks for it.
"""
