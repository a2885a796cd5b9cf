"""From raw cells to indicators: SQL, strategies, reference tables, and the declarations that describe them."""
