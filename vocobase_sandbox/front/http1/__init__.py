"""HTTP/1.1 on a socket.

`connection` serves one client: it feeds bytes to `framing`, which splits them into heads and bodies;
`heads` parses request heads and writes response heads. Framing and heads do no I/O. An ambiguous request
is rejected, never interpreted. The connection responds in order, enforces the time limits of the server,
and damages the transfer if a fault asks for it.
"""
