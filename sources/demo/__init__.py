"""An embedded PxWebApi v2 server: real HTTP on loopback, started with `python -m sources.demo`.

It shares no code with the client in `sources`, and nothing else imports it.
"""
