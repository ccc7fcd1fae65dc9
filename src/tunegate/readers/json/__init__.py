"""Records of JSON: cut out of files, parsed strictly, recognised."""
