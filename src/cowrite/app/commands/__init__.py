"""What the commands in a draft's window do beyond the page, and what becomes of answers to its notices."""
