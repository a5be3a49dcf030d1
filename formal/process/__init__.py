"""Child processes that solve one problem after another: what is the same for every solver."""
