//! `environments.*.after` and `soak`: what the environment before has to have shown.

use super::environments::Environment;
use crate::policy::field::{Field, Table};
use crate::policy::reading::Reading;
use crate::policy::yaml::Key;
use crate::promotion::Promotion;

/// Of the environment of this name.
pub fn read(name: &str, table: &Table<'_>, reading: &mut Reading<'_>) -> Option<Promotion> {
    let soak = table.get("soak");
    let Some(after) = table.get("after") else {
        if let Some(soak) = soak {
            reading.fault(&soak.place(), "a soak needs “after”: the environment in which it soaks");
        }
        return None;
    };
    let before = reading.environment(&after);
    let soak_s = soak.map_or(Some(0), |soak| soak.seconds(reading))?;
    if before.as_ref().is_some_and(|before| before.as_str() == name) {
        reading.fault(&after.place(), "an environment does not come after itself");
        return None;
    }
    Some(Promotion { after: before?, soak_s })
}

/// Nothing could ever go into environments that wait for each other.
pub fn refuse_circles(environments: &[Environment], entries: &[(&Key, Field<'_>)], reading: &mut Reading<'_>) {
    for environment in environments {
        let mut path = vec![environment.name.as_str()];
        while let Some(before) = path.last().and_then(|name| before(environments, name)) {
            if before == environment.name.as_str() {
                refuse(&path, entries, reading);
                return;
            }
            if path.contains(&before) {
                break;
            }
            path.push(before);
        }
    }
}

fn before<'e>(environments: &'e [Environment], name: &str) -> Option<&'e str> {
    let environment = environments.iter().find(|environment| environment.name.as_str() == name)?;
    environment.promotion.as_ref().map(|promotion| promotion.after.as_str())
}

/// At the first of the circle.
fn refuse(circle: &[&str], entries: &[(&Key, Field<'_>)], reading: &mut Reading<'_>) {
    let Some((first, (_, field))) = circle.first().and_then(|first| Some((first, entries.iter().find(|(key, _)| key.name == *first)?)))
    else {
        return;
    };
    let way = circle.join(" after ");
    reading.fault(&field.place(), format!("these environments wait for each other: {way} after {first}"));
}
