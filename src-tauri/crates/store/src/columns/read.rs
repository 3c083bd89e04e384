//! Reads all keys.

use latchkey_app::wire::BundleNeed;
use rusqlite::Connection;

use super::dictionary::Dictionary;
use super::{Columns, Standing, folded, slot};
use crate::fault::Result;
use crate::plan::UNDER_WAY;
use crate::table::{bundle, key_change};

impl Columns {
    /// About a microsecond a key.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let mut columns = Self { version: key_change::newest(connection)?, ..Self::default() };
        let (mut standings, mut owners, mut all_sets) =
            (Dictionary::new(&[]), Dictionary::<String>::new(&[]), Dictionary::<Vec<i64>>::new(&[]));
        let mut keys =
            connection.prepare(&format!("SELECT {}, row, ends, owner FROM key ORDER BY row", Standing::COLUMNS))?;
        let mut keys = keys.query([])?;
        let mut links = connection.prepare("SELECT key, api_set FROM key_api_set ORDER BY key, api_set")?;
        let mut links = links.query_map([], |link| Ok((link.get::<_, i64>(0)?, link.get(1)?)))?;
        let mut link = links.next().transpose()?;
        let [mut rotating, mut in_none, mut end_untold] = [
            listed(connection, UNDER_WAY)?.into_iter().peekable(),
            listed(connection, &bundle::rows_where(bundle::IN_NONE))?.into_iter().peekable(),
            listed(connection, &bundle::rows_where(bundle::END_UNTOLD))?.into_iter().peekable(),
        ];
        let mut sets: Vec<i64> = Vec::new();
        while let Some(key) = keys.next()? {
            let row = key.get(3)?;
            sets.clear();
            while let Some((_, set)) = link.filter(|(key, _)| *key == row) {
                sets.push(set);
                link = links.next().transpose()?;
            }
            columns.rows.push(row);
            let none = in_none.next_if_eq(&row).map(|_| BundleNeed::InNone);
            let need = none.or_else(|| end_untold.next_if_eq(&row).map(|_| BundleNeed::EndUntold));
            let standing = Standing::read(key, rotating.next_if_eq(&row).is_some(), need)?;
            columns.standings.push(standings.code(&standing));
            columns.ends.push(key.get(4)?);
            columns.owners.push(owners.code(key.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?));
            columns.sets.push(all_sets.code(sets.as_slice()));
        }
        columns.all_standings = standings.into_values();
        columns.all_owners = owners.into_values();
        columns.all_sets = all_sets.into_values();
        columns.sort(connection)?;
        columns.fit();
        Ok(columns)
    }

    fn sort(&mut self, connection: &Connection) -> Result<()> {
        let folded: Vec<String> = self.all_owners.iter().map(|owner| folded(owner)).collect();
        let mut ranked: Vec<&String> = folded.iter().collect();
        ranked.sort_unstable();
        ranked.dedup();
        let ranks: Vec<usize> = folded.iter().map(|owner| ranked.partition_point(|other| *other < owner)).collect();
        self.by_owner = (0..slot(self.len())).collect();
        self.by_owner.sort_by_key(|slot| ranks[self.owners[*slot as usize] as usize]);
        self.by_end = (0..slot(self.len())).collect();
        self.by_end.sort_by_key(|slot| self.ends[*slot as usize]);
        let mut names =
            connection.prepare("SELECT row FROM key INDEXED BY any_key_by_name ORDER BY name COLLATE NOCASE, row")?;
        let mut names = names.query([])?;
        self.by_name.reserve_exact(self.len());
        while let Some(key) = names.next()? {
            let row: i64 = key.get(0)?;
            self.by_name.push(slot(self.rows.partition_point(|other| *other < row)));
        }
        Ok(())
    }

    /// Gives back what the arrays reserved while they grew.
    fn fit(&mut self) {
        self.rows.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.standings.shrink_to_fit();
        self.owners.shrink_to_fit();
        self.sets.shrink_to_fit();
    }
}

/// The rows of keys, rising.
fn listed(connection: &Connection, sql: &str) -> Result<Vec<i64>> {
    let mut keys = connection.prepare(&format!("{sql} ORDER BY 1"))?;
    Ok(keys.query_map([], |key| key.get(0))?.collect::<rusqlite::Result<_>>()?)
}
