"""Training on a graphics card, from a bundle that needs PyTorch, numpy and safetensors alone."""
