"""The course as web pages: lessons with their outputs, exercises and docs, that need no network."""
