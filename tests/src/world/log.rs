//! What a story hears of the log: errors and panics, which it has to announce, and statements, which it may count.

use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Under which the drivers tell each statement; they don't tell BEGIN and COMMIT.
const STATEMENT: &str = "sqlx::query";

static STATEMENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTENING: Once = Once::new();

/// Listens from the first call on. A process hears everything, so its stories play one after the other.
pub fn listen() {
    LISTENING.call_once(|| {
        tracing_subscriber::registry().with(Heard).init();
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note(format!("panic: {panic}"));
            usual(panic);
        }));
    });
}

/// What was heard since the last call.
pub fn take() -> Vec<String> {
    std::mem::take(&mut *ERRORS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What belongs to no step: a connection that the pool opens meanwhile introduces itself, and only one of the databases
/// tells of commits.
const BESIDE: [&str; 4] = ["PRAGMA", "BEGIN", "COMMIT", "ROLLBACK"];

/// The beginnings of the statements that were carried out since the last call.
pub fn take_statements() -> Vec<String> {
    let taken = std::mem::take(&mut *STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner));
    taken.into_iter().filter(|statement| !BESIDE.iter().any(|word| statement.contains(word))).collect()
}

fn note(error: String) {
    ERRORS.lock().unwrap_or_else(PoisonError::into_inner).push(error);
}

struct Heard;

impl<S: Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == STATEMENT {
            let mut summary = Summary::default();
            event.record(&mut summary);
            STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).push(summary.0);
        }
        if *event.metadata().level() == Level::ERROR {
            let mut text = Text(format!("{}:", event.metadata().target()));
            event.record(&mut text);
            note(text.0);
        }
    }
}

/// The first words of a statement.
#[derive(Default)]
struct Summary(String);

impl Visit for Summary {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}
