//! Settings that are whole numbers within bounds, and lengths in bytes.

use super::value::Value;

/// A whole number from `MIN` to `MAX`, both included. The key of the setting names the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Value for Count<MIN, MAX> {
    fn form() -> String {
        format!("{MIN}–{MAX} 的整数 (whole number)")
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| (MIN..=MAX).contains(number)).map(Self)
    }
}

/// A length from `MIN` to `MAX` bytes, written as bytes or with `KiB`, `MiB`, `GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Bytes<MIN, MAX> {
    /// The length in bytes.
    pub const fn get(self) -> u64 {
        self.0
    }
}

const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

impl<const MIN: u64, const MAX: u64> Value for Bytes<MIN, MAX> {
    fn form() -> String {
        format!("{}–{}，如 20 MiB (bytes, KiB, MiB or GiB)", shown(MIN), shown(MAX))
    }

    fn parse(text: &str) -> Option<Self> {
        let (digits, unit) = UNITS
            .iter()
            .find_map(|(name, unit)| text.strip_suffix(name).map(|digits| (digits, *unit)))
            .unwrap_or((text, 1));
        let number: u64 = digits.trim_end().parse().ok()?;
        number.checked_mul(unit).filter(|bytes| (MIN..=MAX).contains(bytes)).map(Self)
    }
}

fn shown(bytes: u64) -> String {
    match UNITS.iter().find(|(_, unit)| bytes.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{} {name}", bytes / unit),
        None => bytes.to_string(),
    }
}
