"""How the shipped models were made: the tagger of attributions and the trees that tell what a paragraph is. Not installed with the package."""
