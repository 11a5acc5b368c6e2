//! An embed before it is one: its texts, which can be measured.

use super::limits::{EMBED_DESCRIPTION_MAX, EMBED_FOOTER_MAX, EMBED_TITLE_MAX, EMBED_TOTAL_MAX};
use serenity::builder::{CreateEmbed, CreateEmbedFooter};
use templates::Tone;
use templates::line::units;
use templates::rich::is_web_address;

/// The texts of one embed, as they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub title: String,
    pub description: String,
    /// Plain text: Discord reads no markup in it.
    pub footer: String,
    /// Where the title leads.
    pub web: String,
    pub tone: Tone,
}

impl Shown {
    pub fn fits(&self) -> bool {
        let within = |text: &str, max: usize| units(text) <= max;
        let total = units(&self.title) + units(&self.description) + units(&self.footer);
        within(&self.title, EMBED_TITLE_MAX)
            && within(&self.description, EMBED_DESCRIPTION_MAX)
            && within(&self.footer, EMBED_FOOTER_MAX)
            && (1..=EMBED_TOTAL_MAX).contains(&total)
    }

    pub fn embed(&self) -> CreateEmbed {
        let embed = CreateEmbed::new().title(&self.title).description(&self.description).colour(colour(self.tone));
        let embed = if self.footer.is_empty() { embed } else { embed.footer(CreateEmbedFooter::new(&self.footer)) };
        if is_web_address(&self.web) { embed.url(&self.web) } else { embed }
    }
}

/// The stripe at the side; the title's first word says the same.
fn colour(tone: Tone) -> u32 {
    match tone {
        Tone::Calm => 0x2F6FDE,
        Tone::Good => 0x2E7D32,
        Tone::Bad => 0xB3261E,
        Tone::Warning => 0xB26A00,
        Tone::Over => 0x6B7280,
    }
}
