"""A plant on real sockets, made from profiles: values that move, and faults on demand."""
