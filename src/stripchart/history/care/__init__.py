"""Care of an embedded history from outside, by any process: looking at it, checking, backing up, putting back."""
