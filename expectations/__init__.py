"""Checks of a warehouse before it is published: suites from the declarations, rules in SQL, and the gate."""
