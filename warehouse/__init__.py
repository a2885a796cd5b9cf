"""The DuckDB file: schema, loading of raw cells, and the history that outlives it."""
