"""stratlint for an agent that writes reports: the tools of `stratlint mcp`, whose own reading of a page the judge disposes of.

Documents are read below one folder only, and nothing is ever written but the file of readings of a document.
"""
