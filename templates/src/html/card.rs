//! A card and a timeline as the templates see them.

use super::pieces::{Piece, pieces, time};
use crate::card::{Banner, Card, Mark, Quorum, Tone, VoteLine};
use crate::timeline::Entry;
use crate::words;
use engine::Timestamp;
use serde::Serialize;

/// People that a card names as asked.
const ASKED_SHOWN: usize = 12;

#[derive(Debug, Serialize)]
pub struct CardView {
    number: String,
    round: u32,
    tone: &'static str,
    mark: &'static str,
    state: &'static str,
    /// The title without its state word.
    what: String,
    about: Vec<Piece>,
    summary: Vec<Piece>,
    banners: Vec<BannerView>,
    facts: Vec<FactView>,
    quorum: Option<QuorumView>,
    foot: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct BannerView {
    tone: &'static str,
    text: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct FactView {
    label: String,
    value: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct QuorumView {
    given: usize,
    needed: usize,
    votes: Vec<VoteView>,
    missing: Vec<String>,
    asked: Vec<String>,
    asked_more: usize,
}

#[derive(Debug, Serialize)]
struct VoteView {
    tone: &'static str,
    mark: &'static str,
    name: String,
    counts_for: Option<String>,
    reason: String,
    struck: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct EntryView {
    tone: &'static str,
    mark: &'static str,
    sentence: Vec<Piece>,
    quote: Option<String>,
    actor: String,
    at: Piece,
}

pub fn card_view(card: &Card, now: Timestamp) -> CardView {
    let state = words::state(card.state);
    let what = card.title.as_str().strip_prefix(state).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(card.title.as_str());
    CardView {
        number: card.number.to_string(),
        round: card.round,
        tone: card.tone.word(),
        mark: Mark::of(card.state).symbol(),
        state,
        what: what.to_owned(),
        about: pieces(&card.about, now),
        summary: pieces(&card.summary, now),
        banners: card.banners.iter().map(|banner| banner_view(banner, now)).collect(),
        facts: card.facts.iter().map(|fact| FactView { label: fact.label.to_string(), value: pieces(&fact.value, now) }).collect(),
        quorum: card.quorum.as_ref().map(quorum_view),
        foot: pieces(&card.foot, now),
    }
}

fn banner_view(banner: &Banner, now: Timestamp) -> BannerView {
    BannerView { tone: banner.tone.word(), text: pieces(&banner.text, now) }
}

fn quorum_view(quorum: &Quorum) -> QuorumView {
    QuorumView {
        given: quorum.given,
        needed: quorum.needed,
        votes: quorum.votes.iter().map(vote_view).collect(),
        missing: quorum.missing.iter().map(ToString::to_string).collect(),
        asked: quorum.asked.iter().take(ASKED_SHOWN).map(|person| person.name.to_string()).collect(),
        asked_more: quorum.asked.len().saturating_sub(ASKED_SHOWN),
    }
}

fn vote_view(vote: &VoteLine) -> VoteView {
    VoteView {
        tone: tone(vote.mark),
        mark: vote.mark.symbol(),
        name: vote.who.name.to_string(),
        counts_for: vote.counts_for.as_ref().map(ToString::to_string),
        reason: vote.reason.to_string(),
        struck: vote.struck.as_ref().map(ToString::to_string),
    }
}

pub fn entry_view(entry: &Entry, now: Timestamp) -> EntryView {
    EntryView {
        tone: tone(entry.mark),
        mark: entry.mark.symbol(),
        sentence: pieces(&entry.sentence, now),
        quote: entry.quote.as_ref().map(ToString::to_string),
        actor: entry.actor.to_string(),
        at: time(entry.at, now),
    }
}

fn tone(mark: Mark) -> &'static str {
    match mark {
        Mark::Open | Mark::Under => Tone::Calm.word(),
        Mark::Yes => Tone::Good.word(),
        Mark::No => Tone::Bad.word(),
        Mark::Gone => Tone::Over.word(),
    }
}
