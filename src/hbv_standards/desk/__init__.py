"""The mapping desk: what hospitals sent against what the tables know, and tools to keep the tables."""
