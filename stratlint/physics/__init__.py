"""What a performance engineer knows, as plain functions: parameters, memory, FLOPs, communication, schedule, layouts.

SI base units throughout: bytes, FLOP, seconds, bytes/s, FLOP/s, tokens. The modules depend on nothing else in
stratlint and, but for `catalog`, on nothing outside the standard library. Import the module you need; this package
imports none of them.
"""
