"""What `bookkeeping.py` makes: deliveries without errors, and the errors planted in them."""
