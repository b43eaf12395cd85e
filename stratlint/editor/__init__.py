"""The language server behind `stratlint lsp`: what `check` and `claims` know of a page, where its author writes it.

`positions` and `page` know nothing of the protocol; `diagnostics`, `hover`, `actions` and `places` turn what was found into
its messages, and `server` decides when a page is checked.
"""
