"""The trained tagger: from text to spans, and from spans to relations."""
