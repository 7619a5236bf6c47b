"""What the machine gives and refuses: processors and memory, signals, time, and its troubles in words."""
