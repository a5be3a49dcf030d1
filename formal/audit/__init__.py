"""What a theorem statement assumes too much, and what it says too little."""
