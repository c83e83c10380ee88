//! Floats in a checkpoint, written as the integer of their bits: the round trip is exact for every
//! float, and infinities (which JSON cannot say) survive it.

use serde::{Deserialize, Deserializer, Serializer};

/// Write one float as its bits.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(value.to_bits())
}

/// Read one float from its bits.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    u64::deserialize(deserializer).map(f64::from_bits)
}

/// The same for a list of floats.
pub mod list {
    use super::{Deserialize, Deserializer, Serializer};

    /// Write a list of floats as their bits.
    pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| value.to_bits()))
    }

    /// Read a list of floats from their bits.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let bits = Vec::<u64>::deserialize(deserializer)?;
        Ok(bits.into_iter().map(f64::from_bits).collect())
    }
}
