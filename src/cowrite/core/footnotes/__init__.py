"""The footnotes of a document, and one of them while somebody writes in it."""
