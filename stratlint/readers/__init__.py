"""Readings of documents by a person or a model: the file that keeps them, the blocks of a page that they belong to, and who reads.

`blocks` and `file` are what `check` needs; everything else serves `stratlint read` and `stratlint review --reader`: only these
ever call a reader.
"""
