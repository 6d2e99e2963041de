"""What `verify` proves: what a destination holds, who may read it, what code names, what is still pulled."""
