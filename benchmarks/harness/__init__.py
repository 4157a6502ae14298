"""What the benchmarks share: both sides' apps, the data, and the clocks."""
