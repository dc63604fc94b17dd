"""Rich text to and from Markdown, HTML, plain text, Word and OpenDocument. No Qt, no files, no network.

- `formats`: which reader and writer go with a suffix; the place to start.
- `markdown_writer`, `markdown_reader`: exact in both directions for every document.
- `html_writer`, `html_reader`: the clipboard and HTML files.
- `plain_text`: words, with list marks and numbers.
- `docx_reader`, `docx_writer`, `odt_reader`: the files of other writing programs.
- `numbering`: how ordered lists count, for writers and the editor's painter alike.
- `normal`, `values`: the one form of a document that all of them agree on.

Below these: `marks` and `outline` nest what a document keeps flat, `tags` and `colours` say what HTML's tags and
styles mean, `html_tokens`, `html_elements`, `html_lines`, `html_tables` and `stylesheet` are the steps of reading HTML,
`cells` says in words what a cell is besides, and `markdown_text` and `markdown_inline` are the insides of a line of
Markdown.
"""
