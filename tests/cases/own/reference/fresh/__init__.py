"""New cases, topic by topic: each module lists its own in `cases()`."""
