"""Per-timestep gradients of PyTorch training loops."""
