"""Rich text to and from Markdown, HTML, plain text and Word, and from OpenDocument. No Qt, no files, no network.

- `formats`: which reader and writer of text go with a suffix; the place to start.
- `markdown.writer`, `markdown.reader`: exact in both directions for every document.
- `html.writer`, `html.reader`: the clipboard and HTML files.
- `plain_text`: words, with list marks and numbers.
- `docx.reader`, `docx.writer`, `odt.reader`: the files of other writing programs.
- `madr`, `decisions_csv`, `notes`: decisions, and the notes of a board.
- `numbering`: how ordered lists count, for writers and the editor's painter alike.
- `normal`, `values`: the one form of a document that all of them agree on.

Below these: `marks` and `outline` nest what a document keeps flat, `colours` are those of the web, `formulas` says them
in a line, and `cells` says in words what a cell is besides.
"""
