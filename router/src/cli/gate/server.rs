//! The server as the gate's commands need it: asked again while it is away, for as long as the caller has patience.

use super::progress::Progress;
use crate::backoff;
use crate::clock::{Clock, SystemClock, pause};
use crate::net::direct::{Ask, Direct, Trouble};
use anyhow::bail;
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;

/// How long one answer may take, besides what a long poll may wait.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// Pauses between tries stop growing after so many: a server that is back is noticed within half a minute.
const GROWING_TRIES: u64 = 5;

pub struct Server {
    direct: Direct,
    /// As it was named, for messages.
    address: String,
    /// Whether it has ever answered.
    has_answered: bool,
}

impl Server {
    pub fn new(direct: Direct, address: String) -> Self {
        Self { direct, address, has_answered: false }
    }

    /// What to say when it never answered within the caller's time.
    pub fn silence(&self) -> String {
        match self.has_answered {
            true => format!("{} answered, and then no more", self.address),
            false => format!("{} has not answered. Look whether it runs, and whether the address is right.", self.address),
        }
    }

    /// Opens a change, or finds the one that this key has opened.
    pub async fn open(&mut self, key: &str, wish: &Value, progress: &mut Progress) -> anyhow::Result<Value> {
        let ask = Ask { method: &Method::POST, path: "/v1/changes", wish: Some((key, wish)), within: ANSWER_WITHIN };
        self.ask(&ask, progress).await
    }

    /// Answered at once if it is decided, else after `wait_s` at the latest.
    pub async fn decision(&mut self, id: &str, wait_s: u64, progress: &mut Progress) -> anyhow::Result<Value> {
        let path = format!("/v1/changes/{}/decision?wait={wait_s}", segment(id));
        let within = ANSWER_WITHIN + Duration::from_secs(wait_s);
        self.ask(&Ask { method: &Method::GET, path: &path, wish: None, within }, progress).await
    }

    pub async fn change(&mut self, id: &str, progress: &mut Progress) -> anyhow::Result<Value> {
        let path = format!("/v1/changes/{}", segment(id));
        self.ask(&Ask { method: &Method::GET, path: &path, wish: None, within: ANSWER_WITHIN }, progress).await
    }

    /// Until there is an answer or a refusal. Only the caller's time ends it.
    async fn ask(&mut self, ask: &Ask<'_>, progress: &mut Progress) -> anyhow::Result<Value> {
        let mut tries = 0;
        loop {
            match self.once(ask, progress).await {
                Ok(answer) => {
                    self.has_answered = true;
                    return Ok(answer);
                }
                Err(Trouble::Away { why, wished_s }) => {
                    tries += 1;
                    progress.says(format!("{} is not reached: {why}; trying again", self.address));
                    let now = SystemClock.now();
                    let next = backoff::next(now, GROWING_TRIES.min(tries), wished_s);
                    pause(Duration::from_micros(u64::try_from(next.micros() - now.micros()).unwrap_or(0))).await;
                }
                Err(Trouble::Refused { status, problem }) => bail!("{}", refusal(status, &problem)),
                Err(Trouble::Unsendable(why)) => bail!("{} can’t be asked: {why}", self.address),
            }
        }
    }

    async fn once(&self, ask: &Ask<'_>, progress: &Progress) -> Result<Value, Trouble> {
        let answer = self.direct.call(ask);
        tokio::pin!(answer);
        loop {
            tokio::select! {
                answer = &mut answer => return answer,
                () = progress.tick() => {}
            }
        }
    }
}

/// An id stays one segment of the path, whatever it is.
fn segment(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}

/// What happened, with the places in the request that it is about.
fn refusal(status: u16, problem: &Value) -> String {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!("{} ({status}): {}", text(problem, "title"), text(problem, "detail"))];
    let places = problem["errors"].as_array().into_iter().flatten();
    lines.extend(places.map(|place| format!("  {}: {}", text(place, "pointer"), text(place, "detail"))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_never_leads_elsewhere() {
        for (id, expected) in [("CHG-1042", "CHG-1042"), ("../people?x", "..%2Fpeople%3Fx"), ("a b", "a%20b")] {
            assert_eq!(segment(id), expected);
        }
    }

    #[test]
    fn a_refusal_names_its_places() {
        let problem = json!({ "title": "Invalid", "detail": "No.", "errors": [{ "pointer": "/sha", "detail": "hexadecimal" }] });
        assert_eq!(refusal(422, &problem), "Invalid (422): No.\n  /sha: hexadecimal");
    }
}
