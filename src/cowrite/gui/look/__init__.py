"""How cowrite looks: colours, measures, type, icons, sides and times."""
