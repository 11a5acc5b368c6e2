//! Which change somebody means: its number, the link to its page, or the link to its card.

use super::answer::sentence;
use crate::app::{App, Failure};
use bot::Target;
use bot::command::Reference;
use engine::ids::ChangeNumber;
use entities::ChangeAddress;
use templates::Rich;

impl App {
    /// The change and its current round: whoever types a number has seen no other.
    pub(super) async fn find(&self, change: &Reference) -> Result<Option<Target>, Failure> {
        let address = match change {
            Reference::Number(number) => Some(ChangeAddress::Number(*number)),
            Reference::Link(link) => self.linked(link).await?,
        };
        let Some(address) = address else { return Ok(None) };
        let found = self.store.find_change(&address).await?;
        Ok(found.map(|summary| Target { number: summary.number, round: summary.round }))
    }

    async fn linked(&self, link: &str) -> Result<Option<ChangeAddress>, Failure> {
        if let Some(number) = page(link, self.settings.server.web()) {
            return Ok(Some(ChangeAddress::Number(number)));
        }
        for platform in &self.platforms {
            let Some(posted) = platform.linked(link) else { continue };
            if let Some(id) = self.store.change_at(platform.name(), &posted.channel, &posted.message).await? {
                return Ok(Some(ChangeAddress::Id(id)));
            }
        }
        Ok(None)
    }

    pub(super) fn no_such_change_typed(&self) -> Rich {
        sentence(&format!("There is no such change here. Look at the list: {}", self.settings.server.web()))
    }
}

/// A page of this installation, not of another one.
fn page(link: &str, web: &str) -> Option<ChangeNumber> {
    let rest = link.strip_prefix(web)?.strip_prefix("/changes/")?;
    rest.split(['?', '#', '/']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_installation_are_changes() {
        let web = "https://gate.example.com";
        for link in ["https://gate.example.com/changes/CHG-1042", "https://gate.example.com/changes/CHG-1042?x=1#top"] {
            assert_eq!(page(link, web), Some(ChangeNumber(1042)), "{link}");
        }
        for link in [
            "https://staging.example.com/changes/CHG-1042",
            "https://gate.example.com.evil.example/changes/CHG-1",
            "https://gate.example.com/changes/",
            "",
        ] {
            assert_eq!(page(link, web), None, "{link}");
        }
    }
}
