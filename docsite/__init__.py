"""What makes the documentation site beside the pages in docs/: pages from the code, and files of the repository."""
