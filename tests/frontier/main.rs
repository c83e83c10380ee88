//! Bargaining against outside truth: brute force over every deal on thousands of small random
//! scenarios, the closed forms of the literature, and the properties the theory promises.

mod book;
mod brute_force;
mod concessions;
mod field;
mod forecasts;
mod hindrances;
mod lotteries;
mod offers;
mod properties;
mod ranges;
mod strategies;
mod texts;
mod truth;
