"""One module per dataset, each with ``build(view) -> Dataset | None``; found by name of its spec."""
