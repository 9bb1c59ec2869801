"""The sample submissions: texts in ``texts/``, and how each becomes the file of a company."""
