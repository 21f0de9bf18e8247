"""What the sample batches are made of; drawn by ``make_samples.py``."""
