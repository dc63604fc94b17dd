"""Sessions as people see them: how one begins, the bar above all tabs, silent writing, voting and results."""
