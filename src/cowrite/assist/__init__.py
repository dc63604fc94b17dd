"""The assistant without Qt and without I/O: what is asked of the model, in which order, and what is made of answers."""
