"""Where code comes from: `concepts` is the one table, `grammar` makes programs from it."""
