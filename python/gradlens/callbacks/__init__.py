"""The lens in training loops that other libraries run. Each module needs its library, and none needs the others'."""
