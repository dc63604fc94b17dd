"""What is read of Yjs' structure: structs, clocks, and positions that survive others' edits."""
