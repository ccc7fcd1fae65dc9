"""`python -m tunegate` is the same as the `tunegate` command."""

from tunegate.cli import main

if __name__ == "__main__":
    main()
