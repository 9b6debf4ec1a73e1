"""The fault laboratory: what keywords do when the network or the server fails in the middle.

A cell is a keyword, a fault and a server. It has an account of its own, and between the library
and the server a proxy that does the fault. `matrix` runs the cells and `choice` says which,
`keywords` what each keyword promises, `kinds` what can go wrong.
"""
