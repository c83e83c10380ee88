//! The exact frontier against brute force, and the winner alone.
fn main() {
    divan::main();
}
