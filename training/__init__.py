"""How the shipped attribution model was made. Not installed with the package."""
