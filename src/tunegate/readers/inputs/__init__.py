"""What a user names, as streams of bytes: files, archives, tables, standard input, addresses."""
