//! One seat's own order of all deals, in buckets of near-equal utility.
//!
//! Filling buckets is linear in the deals, and asking for the deal just above a target looks into one
//! or two of them: sorting everything would cost more than a whole session of offers.

/// The allowed deals by rising utility.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    edition: u64,
    /// Where each bucket starts; one more entry for the end.
    starts: Vec<u32>,
    /// Bucket after bucket, in each by number: the same order whatever else is asked.
    deals: Vec<u32>,
    /// Fully sorted, the best last; empty until somebody asks by rank.
    sorted: Vec<u32>,
    lowest: f64,
    per_unit: f64,
    highest: f64,
    /// Scratch: the bucket of each deal.
    buckets: Vec<u32>,
}

const MOST_BUCKETS: usize = 65_536;

impl Ranking {
    /// Ranks the allowed deals of a roll; nothing to do if it is the edition ranked last.
    pub fn write(&mut self, edition: u64, units: &[f64], allowed: &[bool]) {
        if self.edition == edition {
            return;
        }
        self.edition = edition;
        self.sorted.clear();
        let (mut lowest, mut highest, mut count) = (f64::INFINITY, f64::NEG_INFINITY, 0);
        for (units, allowed) in units.iter().zip(allowed) {
            if *allowed {
                // Units are numbers; spelled out, this is one instruction each.
                lowest = if *units < lowest { *units } else { lowest };
                highest = if *units > highest { *units } else { highest };
                count += 1;
            }
        }
        let buckets = (count / 2).clamp(1, MOST_BUCKETS);
        (self.lowest, self.highest) = (lowest, highest);
        self.per_unit = match highest > lowest {
            true => (buckets - 1) as f64 / (highest - lowest),
            false => 0.0,
        };
        self.starts.clear();
        self.starts.resize(buckets + 1, 0);
        self.deals.clear();
        self.deals.resize(count, 0);
        if count == 0 {
            return;
        }
        let (lowest, per_unit) = (self.lowest, self.per_unit);
        self.buckets.clear();
        let buckets = units
            .iter()
            .map(|units| bucket((units - lowest) * per_unit));
        self.buckets.extend(buckets);
        for (bucket, allowed) in self.buckets.iter().zip(allowed) {
            if *allowed {
                self.starts[*bucket as usize + 1] += 1;
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        for (deal, (bucket, allowed)) in self.buckets.iter().zip(allowed).enumerate() {
            if *allowed {
                let place = &mut self.starts[*bucket as usize];
                self.deals[*place as usize] = deal as u32;
                *place += 1;
            }
        }
        // Filling has moved every start to the next one's place.
        self.starts.rotate_right(1);
        self.starts[0] = 0;
    }

    /// The units of the best deal; minus infinity if none is allowed.
    pub fn highest(&self) -> f64 {
        self.highest
    }

    /// The lowest deal of at least so many units, of equals the one with the lowest index.
    pub fn lowest_above(&self, units: &[f64], least: f64) -> Option<u32> {
        if !(least <= self.highest) {
            return None;
        }
        let buckets = self.starts.len() - 1;
        let first = bucket((least - self.lowest).max(0.0) * self.per_unit) as usize;
        for bucket in first.min(buckets - 1)..buckets {
            let places = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
            let mut best: Option<(f64, u32)> = None;
            for &deal in &self.deals[places] {
                let own = units[deal as usize];
                let is_better = match best {
                    None => true,
                    Some((lowest, index)) => own < lowest || own == lowest && deal < index,
                };
                if own >= least && is_better {
                    best = Some((own, deal));
                }
            }
            if let Some((_, deal)) = best {
                return Some(deal);
            }
        }
        None
    }

    /// All deals of at least so many units, bucket after bucket.
    pub fn above<'r>(&'r self, units: &'r [f64], least: f64) -> impl Iterator<Item = u32> + 'r {
        let buckets = self.starts.len().saturating_sub(1);
        let first = match least <= self.highest {
            true => bucket((least - self.lowest).max(0.0) * self.per_unit) as usize,
            false => buckets,
        };
        let start = self
            .starts
            .get(first.min(buckets))
            .map_or(0, |start| *start as usize);
        let deals = self.deals[start.min(self.deals.len())..].iter().copied();
        deals.filter(move |deal| units[*deal as usize] >= least)
    }

    /// Makes ready for questions by rank.
    pub fn sort(&mut self, units: &[f64]) {
        if !self.sorted.is_empty() {
            return;
        }
        self.sorted.extend_from_slice(&self.deals);
        for places in self.starts.windows(2) {
            self.sorted[places[0] as usize..places[1] as usize].sort_unstable_by(|one, other| {
                let (a, b) = (units[*one as usize], units[*other as usize]);
                a.total_cmp(&b).then(other.cmp(one))
            });
        }
    }

    /// The deal of a rank, 0 for the best, lower indices first; after `sort`.
    pub fn at(&self, rank: usize) -> Option<u32> {
        let place = self.sorted.len().checked_sub(rank + 1)?;
        Some(self.sorted[place])
    }
}

/// The whole number nearest to one below 2^32, read off its bits: a plain cast minds all that this never is.
#[inline]
fn bucket(place: f64) -> u32 {
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    (place + WHOLE).to_bits() as u32
}

#[test]
fn buckets_answer_like_a_sorted_list() {
    let mut state = 7_u64;
    let mut below = |sides: u64| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) % sides
    };
    let mut ranking = Ranking::default();
    for edition in 1..400 {
        let count = 1 + below(60) as usize;
        let spread = [1, 4, 1000][below(3) as usize];
        let units: Vec<f64> = (0..count).map(|_| below(spread) as f64 - 2.0).collect();
        let allowed: Vec<bool> = (0..count).map(|_| below(5) > 0).collect();
        ranking.write(edition, &units, &allowed);
        let walk: Vec<u32> = ranking.above(&units, f64::MIN).collect();
        ranking.sort(&units);
        let again: Vec<u32> = ranking.above(&units, f64::MIN).collect();
        assert_eq!(walk, again, "sorting moves nothing that is drawn from");
        let mut list: Vec<usize> = (0..count).filter(|deal| allowed[*deal]).collect();
        list.sort_by(|a, b| units[*b].total_cmp(&units[*a]).then(a.cmp(b)));
        let told: Vec<usize> = (0..)
            .map_while(|rank| ranking.at(rank))
            .map(|deal| deal as usize)
            .collect();
        assert_eq!(list, told);
        for _ in 0..20 {
            let least = below(spread + 4) as f64 - 4.0 + below(2) as f64 / 2.0;
            let mut above: Vec<usize> = list.clone();
            above.retain(|deal| units[*deal] >= least);
            above.sort_by(|a, b| units[*a].total_cmp(&units[*b]).then(a.cmp(b)));
            let found = ranking.lowest_above(&units, least);
            assert_eq!(found.map(|deal| deal as usize), above.first().copied());
            let mut all: Vec<usize> = ranking.above(&units, least).map(|d| d as usize).collect();
            all.sort_unstable();
            above.sort_unstable();
            assert_eq!(all, above);
        }
    }
}
