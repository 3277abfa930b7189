//! A set of signs, a bit each: asking it is as quick as text is long. The coverage that a font tells is a
//! list of runs, which is slow to search for every sign of every notice.

/// Signs there are, as numbers of code points.
const COUNT: usize = 0x11_0000;
/// Bits of a word.
const WORD: usize = 64;

/// A set of code points.
#[derive(Clone)]
pub(super) struct Signs(Vec<u64>);

impl Signs {
    pub(super) fn none() -> Self {
        Self(vec![0; COUNT.div_ceil(WORD)])
    }

    /// Adds code points; what is none is left out.
    pub(super) fn add(&mut self, signs: impl Iterator<Item = u32>) {
        for sign in signs {
            let (word, bit) = place(sign);
            if let Some(word) = self.0.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Adds everything of another set.
    pub(super) fn join(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(super) fn contains(&self, sign: char) -> bool {
        let (word, bit) = place(u32::from(sign));
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

fn place(sign: u32) -> (usize, u64) {
    let sign = usize::try_from(sign).unwrap_or(usize::MAX);
    (sign / WORD, 1 << (sign % WORD))
}
