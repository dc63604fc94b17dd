"""What keys and commands do to a document: its lines, lists, tables, headings and looks."""
