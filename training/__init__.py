"""How the shipped models were made: the tagger of attributions and the trees of paragraphs. Not installed."""
