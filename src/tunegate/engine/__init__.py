"""Where tasks run and how scattered records are gathered; knows no rule and no format."""
