"""The process that holds the language model; the only importer of llama_cpp.

Runs as `python -m cowrite.worker`, apart from the app: an abort of llama.cpp, a bad file or the system's killing for
want of memory takes no sentence with it. It speaks the lines of `cowrite.assist.engine.wire` on its stdin and stdout.
"""
