"""The pieces of the HTML page: escaping, marks, blocks, derivations, summary, and the style and script it carries."""
