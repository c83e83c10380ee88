//! A quantile sketch: log-linear buckets cut from the top bits of the float, counted in integers.
//!
//! A bucket holds all floats with the same sign, exponent and first nine bits of mantissa: 512
//! buckets per factor of two, each 2^-9 of its value wide, which bounds the relative error of any
//! quantile. A bucket that has seen one value only remembers it, so repeated values stay exact.
//! Adding and merging count integers and never calculate, so the state depends on which values
//! were seen and not on their order or grouping. Buckets come in pages of 64, made when touched:
//! at most 32,768 pages (32 MB) ever, some tens of kilobytes for the usual variable.
//!
//! Compare C. Masson, J. E. Rim, H. K. Lee (2019), "DDSketch: a fast and fully-mergeable quantile
//! sketch with relative-error guarantees", PVLDB 12(12), 2195-2205.

use serde::{Deserialize, Serialize};

use super::{Cell, bits};

const MANTISSA_BITS: u32 = 9;
const DROPPED_BITS: u32 = 52 - MANTISSA_BITS;
const PAGE_BITS: u32 = 6;
const PAGE: usize = 1 << PAGE_BITS;
const KEY_BITS: u32 = 12 + MANTISSA_BITS;
const PAGES: usize = 1 << (KEY_BITS - PAGE_BITS);

/// Counts of values by bucket, in pages ordered by value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(into = "Vec<Filled>", try_from = "Vec<Filled>")]
pub struct Sketch {
    pages: Vec<(u32, Box<[Bucket; PAGE]>)>,
    count: u64,
}

/// How many values, and the value they all have; `sole` is NaN once two differ.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    count: u64,
    sole: f64,
}

const EMPTY: Bucket = Bucket {
    count: 0,
    sole: f64::NAN,
};

impl Sketch {
    /// Take one value in. NaN is the caller's to leave out.
    pub fn add(&mut self, value: f64) {
        let value = value + 0.0; // -0.0 and 0.0 are one value
        self.bucket(key(value)).take(Bucket {
            count: 1,
            sole: value,
        });
        self.count += 1;
    }

    /// Take many values in: pages are made first, then found in a directory, not by search.
    pub fn extend(&mut self, values: &[f64]) {
        let mut directory = vec![0; PAGES];
        for value in values {
            directory[(key(value + 0.0) >> PAGE_BITS) as usize] = 1;
        }
        for (page, _) in (0..).zip(&directory).filter(|(_, seen)| **seen == 1) {
            self.page(page);
        }
        for (index, (page, _)) in (0u16..).zip(&self.pages) {
            directory[*page as usize] = index;
        }
        for value in values {
            let (value, key) = (value + 0.0, key(value + 0.0));
            let index = directory[(key >> PAGE_BITS) as usize];
            let bucket = &mut self.pages[usize::from(index)].1[key as usize % PAGE];
            bucket.take(Bucket {
                count: 1,
                sole: value,
            });
        }
        self.count += values.len() as u64;
    }

    /// Take another sketch's counts in.
    pub fn merge(&mut self, other: &Sketch) {
        for (page, buckets) in &other.pages {
            let mine = self.page(*page);
            for (bucket, more) in mine.iter_mut().zip(buckets.iter()) {
                bucket.take(*more);
            }
        }
        self.count += other.count;
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The filled buckets in ascending order; the outermost are cut at the known extremes.
    pub fn cells(&self, min: f64, max: f64) -> impl Iterator<Item = Cell> + '_ {
        self.filled().map(move |(key, bucket)| {
            let (low, high) = match bucket.sole.is_nan() {
                true => (from_ordered(u64::from(key) << DROPPED_BITS), last_of(key)),
                false => (bucket.sole, bucket.sole),
            };
            Cell {
                low: low.max(min),
                high: high.min(max),
                count: bucket.count,
            }
        })
    }

    /// Bytes held beside the struct itself.
    pub fn heap_bytes(&self) -> usize {
        self.pages.capacity() * size_of::<(u32, Box<[Bucket; PAGE]>)>()
            + self.pages.len() * size_of::<[Bucket; PAGE]>()
    }

    fn filled(&self) -> impl Iterator<Item = (u32, Bucket)> + '_ {
        self.pages.iter().flat_map(|(page, buckets)| {
            let keys = (page << PAGE_BITS)..;
            keys.zip(buckets.iter().copied())
                .filter(|(_, bucket)| bucket.count > 0)
        })
    }

    fn bucket(&mut self, key: u32) -> &mut Bucket {
        &mut self.page(key >> PAGE_BITS)[key as usize % PAGE]
    }

    fn page(&mut self, page: u32) -> &mut [Bucket; PAGE] {
        let index = match self.pages.binary_search_by_key(&page, |(page, _)| *page) {
            Ok(index) => index,
            Err(index) => {
                self.pages.insert(index, (page, Box::new([EMPTY; PAGE])));
                index
            }
        };
        &mut self.pages[index].1
    }
}

impl Bucket {
    fn take(&mut self, more: Bucket) {
        if more.count == 0 {
            return;
        }
        if self.count == 0 {
            self.sole = more.sole;
        } else if self.sole != more.sole {
            self.sole = f64::NAN;
        }
        self.count += more.count;
    }
}

impl PartialEq for Bucket {
    fn eq(&self, other: &Bucket) -> bool {
        self.count == other.count && self.sole.to_bits() == other.sole.to_bits()
    }
}

/// The bucket of a value: its top bits, mapped so that keys ascend with values.
fn key(value: f64) -> u32 {
    (to_ordered(value) >> DROPPED_BITS) as u32
}

/// The highest float of a bucket.
fn last_of(key: u32) -> f64 {
    from_ordered((u64::from(key) << DROPPED_BITS) | ((1 << DROPPED_BITS) - 1))
}

const SIGN: u64 = 1 << 63;

fn to_ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn from_ordered(ordered: u64) -> f64 {
    f64::from_bits(if ordered & SIGN == 0 {
        !ordered
    } else {
        ordered & !SIGN
    })
}

/// A filled bucket as a checkpoint holds it.
#[derive(Serialize, Deserialize)]
struct Filled {
    key: u32,
    count: u64,
    #[serde(with = "bits")]
    sole: f64,
}

impl From<Sketch> for Vec<Filled> {
    fn from(sketch: Sketch) -> Vec<Filled> {
        sketch
            .filled()
            .map(|(key, Bucket { count, sole })| Filled { key, count, sole })
            .collect()
    }
}

impl TryFrom<Vec<Filled>> for Sketch {
    type Error = String;

    fn try_from(filled: Vec<Filled>) -> Result<Sketch, String> {
        let mut sketch = Sketch::default();
        for Filled { key, count, sole } in filled {
            if key >= 1 << KEY_BITS {
                return Err(format!("there is no quantile bucket {key}"));
            }
            sketch.bucket(key).take(Bucket { count, sole });
            sketch.count += count;
        }
        Ok(sketch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ascend_with_values_and_buckets_are_narrow() {
        let values = [
            f64::NEG_INFINITY,
            f64::MIN,
            -1.5,
            -1.0,
            -f64::MIN_POSITIVE,
            0.0,
            5e-324,
            f64::MIN_POSITIVE,
            1.0,
            1.5,
            f64::MAX,
            f64::INFINITY,
        ];
        assert!(values.is_sorted_by_key(|&v| key(v)));
        for value in [1e-300, 0.3, 1.0, 99.0, 1e12] {
            for value in [value, -value] {
                let low = from_ordered(u64::from(key(value)) << DROPPED_BITS);
                let high = last_of(key(value));
                assert!(low <= value && value <= high);
                assert!(high - low <= value.abs() / 512.0);
            }
        }
    }

    #[test]
    fn one_value_stays_exact_and_zero_has_no_sign() {
        let mut sketch = Sketch::default();
        for value in [33.3, 33.3, 0.0, -0.0] {
            sketch.add(value);
        }
        let cells: Vec<Cell> = sketch.cells(0.0, 33.3).collect();
        let exact = |value, count| Cell {
            low: value,
            high: value,
            count,
        };
        assert_eq!(cells, [exact(0.0, 2), exact(33.3, 2)]);
    }

    #[test]
    fn a_key_beyond_the_last_bucket_is_refused() {
        let text = r#"[{"key":2097152,"count":1,"sole":0}]"#;
        assert!(serde_json::from_str::<Sketch>(text).is_err());
    }
}
