"""`make bench`: what Hamrah costs, measured beside its peers in one run."""
