"""The same pipeline over millions of pages: shards of the input, read by workers, kept as Parquet (`docs/batch.md`)."""
