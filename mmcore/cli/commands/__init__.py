"""The commands, one a file: `run(arguments)` gives a document and how it is shown."""
