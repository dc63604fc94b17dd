"""How cowrite looks: colours, measures, icons, sides and times."""
