/// Placeholder until the first part is there.
enum Metrics {}
