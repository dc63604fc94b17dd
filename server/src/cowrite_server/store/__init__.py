"""What is kept: the interface to the server's database, and the databases behind it."""
