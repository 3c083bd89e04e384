//! The key that a passphrase stands for: Argon2id (RFC 9106).

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::ErrorCode;
use latchkey_domain::secret::Secret;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a salt (RFC 9106, section 3.1, recommends 16).
pub(super) const SALT: usize = 16;
/// Bytes of a key of XChaCha20-Poly1305.
pub(super) const KEY: usize = 32;
/// Bytes that tell the right passphrase from a wrong one.
pub(super) const CHECK: usize = 32;

const MIB: u32 = 1024;

/// The work that one guess of the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// Memory, in KiB.
    pub(super) memory: u32,
    /// Passes over the memory.
    pub(super) passes: u32,
    /// Lanes.
    pub(super) lanes: u32,
}

impl Cost {
    /// RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes. Nothing below it is made or opened.
    pub(super) const LEAST: Self = Self { memory: 64 * MIB, passes: 3, lanes: 4 };

    /// What a file may ask of this machine: above it the file is taken for hostile.
    const MOST: Self = Self { memory: 1024 * MIB, passes: 64, lanes: 16 };

    /// Whether a file with this cost is opened.
    pub(super) fn is_acceptable(self) -> bool {
        (Self::LEAST.memory..=Self::MOST.memory).contains(&self.memory)
            && (Self::LEAST.passes..=Self::MOST.passes).contains(&self.passes)
            && (1..=Self::MOST.lanes).contains(&self.lanes)
    }
}

/// How much work a new vault asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibration {
    target: Duration,
    most_memory: u32,
}

impl Calibration {
    /// Half a second on this machine, first by memory up to 256 MiB, then by passes up to 16.
    #[must_use]
    pub fn standard() -> Self {
        Self { target: Duration::from_millis(500), most_memory: 256 * MIB }
    }

    /// The least that is ever used, and no measuring: 64 MiB, 3 passes, 4 lanes.
    #[must_use]
    pub fn least() -> Self {
        Self { target: Duration::ZERO, most_memory: Cost::LEAST.memory }
    }

    /// The cost on this machine, by measuring the least.
    pub(super) fn cost(self) -> Result<Cost> {
        if self.target.is_zero() {
            return Ok(Cost::LEAST);
        }
        let start = Instant::now();
        derive(&Secret::new("calibration".to_owned()), &[0; SALT], Cost::LEAST)?;
        Ok(self.scaled(start.elapsed()))
    }

    /// The cost where the least takes this long. Time grows with memory times passes.
    fn scaled(self, least: Duration) -> Cost {
        let factor = self.target.as_micros() / least.as_micros().max(1);
        // In steps of whole times the least: exactness is worth nothing here.
        let factor = u32::try_from(factor).unwrap_or(u32::MAX).max(1);
        let memory = Cost::LEAST.memory.saturating_mul(factor).min(self.most_memory);
        let left = factor / (memory / Cost::LEAST.memory);
        let passes = Cost::LEAST.passes.saturating_mul(left).min(16);
        Cost { memory, passes, ..Cost::LEAST }
    }
}

/// What a passphrase and a salt stand for.
pub(super) struct Derived {
    pub(super) key: Zeroizing<[u8; KEY]>,
    pub(super) check: [u8; CHECK],
}

/// Derives 64 bytes with Argon2id version 0x13: the key, then the check.
pub(super) fn derive(passphrase: &Secret, salt: &[u8; SALT], cost: Cost) -> Result<Derived> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(KEY + CHECK)).map_err(failed)?;
    let mut memory = Memory::reserve(params.block_count())?;
    let mut out = Zeroizing::new([0; KEY + CHECK]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(passphrase.expose().as_bytes(), salt, &mut *out, &mut memory.0)
        .map_err(failed)?;
    let mut derived = Derived { key: Zeroizing::new([0; KEY]), check: [0; CHECK] };
    derived.key.copy_from_slice(&out[..KEY]);
    derived.check.copy_from_slice(&out[KEY..]);
    Ok(derived)
}

/// Working memory, asked for politely (a vault may want more than there is) and wiped.
struct Memory(Vec<Block>);

impl Memory {
    fn reserve(blocks: usize) -> Result<Self> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(blocks).map_err(|_| {
            let needed = blocks / 1024;
            Error::new(ErrorCode::Failed, format!("The passphrase vault needs {needed} MiB of memory for a moment."))
                .hint("Close other programs and try again.")
        })?;
        memory.resize(blocks, Block::default());
        Ok(Self(memory))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}

fn failed(cause: argon2::Error) -> Error {
    Error::new(ErrorCode::Failed, format!("The passphrase could not be worked with: {cause}."))
}

#[cfg(test)]
mod tests {
    use super::{Calibration, Cost, MIB};
    use std::time::Duration;

    #[test]
    fn the_cost_grows_by_memory_first_and_then_by_passes() {
        let at = |millis| Calibration::standard().scaled(Duration::from_millis(millis));
        assert_eq!(at(2000), Cost::LEAST);
        assert_eq!(at(500), Cost::LEAST);
        assert_eq!(at(160), Cost { memory: 192 * MIB, ..Cost::LEAST });
        assert_eq!(at(80), Cost { memory: 256 * MIB, ..Cost::LEAST });
        assert_eq!(at(50), Cost { memory: 256 * MIB, passes: 6, ..Cost::LEAST });
        assert_eq!(at(0), Cost { memory: 256 * MIB, passes: 16, ..Cost::LEAST });
    }

    #[test]
    fn hostile_and_weak_costs_are_refused() {
        let good = Cost::LEAST;
        assert!(good.is_acceptable());
        for bad in [
            Cost { memory: 64 * MIB - 1, ..good },
            Cost { memory: 1024 * MIB + 1, ..good },
            Cost { passes: 2, ..good },
            Cost { passes: 65, ..good },
            Cost { lanes: 0, ..good },
            Cost { lanes: 17, ..good },
        ] {
            assert!(!bad.is_acceptable(), "{bad:?}");
        }
    }
}
