"""What a message says itself: HTML to text, quotes and signatures found."""
