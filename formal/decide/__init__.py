"""The direct decision: graph and set algorithms on the tables, with evidence."""
