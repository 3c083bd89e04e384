use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::manifest::{Limit, Verb};

/// What was asked of servers lately, so that a limit is kept before a server has to say so.
#[derive(Debug, Default)]
pub struct Budget {
    /// By server and by the place of the limit in its manifest: when it was asked.
    asked: Mutex<HashMap<(String, usize), VecDeque<Instant>>>,
}

impl Budget {
    /// Notes a request that is about to be sent at `now`; or how long to wait before it may be, and notes nothing.
    pub fn take(&self, server: &str, limits: &[Limit], verb: Verb, now: Instant) -> Result<(), Duration> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let concerns = |limit: &&Limit| limit.requests.is_empty() || limit.requests.contains(&verb);
        let concerned: Vec<(usize, &Limit)> = limits.iter().enumerate().filter(|(_, limit)| concerns(limit)).collect();
        let mut longest = Duration::ZERO;
        for (at, limit) in &concerned {
            let window = Duration::from_secs(limit.seconds.into());
            let times = asked.entry((server.to_owned(), *at)).or_default();
            while times.front().is_some_and(|first| now.saturating_duration_since(*first) >= window) {
                times.pop_front();
            }
            if times.len() >= limit.most as usize
                && let Some(first) = times.front()
            {
                longest = longest.max(window.saturating_sub(now.saturating_duration_since(*first)));
            }
        }
        if !longest.is_zero() {
            return Err(longest);
        }
        for (at, _) in concerned {
            asked.entry((server.to_owned(), at)).or_default().push_back(now);
        }
        Ok(())
    }

    /// Forgets the newest of these requests: it never reached the server.
    pub fn give_back(&self, server: &str, limits: &[Limit], verb: Verb) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, limit) in limits.iter().enumerate() {
            if limit.requests.is_empty() || limit.requests.contains(&verb) {
                asked.get_mut(&(server.to_owned(), at)).and_then(VecDeque::pop_back);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Budget;
    use crate::manifest::{Limit, Verb};

    #[test]
    fn a_limit_is_kept_in_its_window_and_for_its_requests() {
        let limits = [
            Limit { requests: vec![Verb::Create], most: 2, seconds: 900 },
            Limit { requests: Vec::new(), most: 4, seconds: 60 },
        ];
        let budget = Budget::default();
        let begun = Instant::now();
        let take = |server, verb, after| budget.take(server, &limits, verb, begun + Duration::from_secs(after));
        assert_eq!(take("a", Verb::Create, 0), Ok(()));
        assert_eq!(take("a", Verb::Create, 10), Ok(()));
        assert_eq!(take("a", Verb::Create, 20), Err(Duration::from_secs(880)));
        budget.give_back("a", &limits, Verb::Create);
        assert_eq!(take("a", Verb::Create, 20), Ok(()), "what never got there does not count");
        assert_eq!(take("a", Verb::Create, 20), Err(Duration::from_secs(880)));
        assert_eq!(take("b", Verb::Create, 20), Ok(()), "another server has its own");
        assert_eq!(take("a", Verb::List, 20), Ok(()), "what was refused does not count");
        assert_eq!(take("a", Verb::List, 20), Ok(()));
        assert_eq!(take("a", Verb::List, 30), Err(Duration::from_secs(30)), "the limit for all");
        assert_eq!(take("a", Verb::List, 60), Ok(()));
        assert_eq!(take("a", Verb::Create, 900), Ok(()));
    }
}
