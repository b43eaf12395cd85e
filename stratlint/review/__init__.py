"""The review bot: the findings of a pull request as one review that it keeps up to date.

`target` says which pull request, `client` and `retrying` speak HTTP, `pull` reads the change, `examine` checks its
documents, `asking` has a reader read them and `joined` adds what it read, `comments` and `body` write, `earlier` finds
what was posted before, `plan` decides what to send, `send` sends it, `command` puts them together.
"""
