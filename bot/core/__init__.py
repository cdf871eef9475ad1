"""The pure core: what a talk is, how urgent a report is, who reads it.  Standard library only."""
