"""What is seen of document templates: a choice of them, and how a document becomes one."""
