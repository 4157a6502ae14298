"""The pictures in README and docs, taken anew from the demo by `make pictures`."""
