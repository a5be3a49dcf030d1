"""What outlives a run: the cache, the lock file, folders of certificates."""
