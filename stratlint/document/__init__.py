"""Markdown to blocks: what a document says, in which structure, and where each character of it stands.

``parse`` never raises for any ``str``; ``decode`` turns the bytes of a file into the text it takes.
"""

from stratlint.document.blocks import Block, BlockKind, Cell, Comment, Document, Section, Segment, Span, Table
from stratlint.document.encoding import UnreadableDocument, decode
from stratlint.document.parse import parse

__all__ = [
    "Block",
    "BlockKind",
    "Cell",
    "Comment",
    "Document",
    "Section",
    "Segment",
    "Span",
    "Table",
    "UnreadableDocument",
    "decode",
    "parse",
]
