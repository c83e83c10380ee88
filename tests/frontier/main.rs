//! Bargaining against outside truth: brute force over every deal on thousands of small random
//! scenarios, the closed forms of the literature, and the properties the theory promises.

mod book;
mod brute_force;
mod field;
mod hindrances;
mod offers;
mod properties;
mod ranges;
mod truth;
