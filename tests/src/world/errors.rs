//! Errors that were logged and panics that were caught: a story announces those that it is about.

use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTENING: Once = Once::new();

/// Listens from the first call on. A process hears everything, so its stories play one after the other.
pub fn listen() {
    LISTENING.call_once(|| {
        tracing_subscriber::registry().with(Errors).init();
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

fn note(error: String) {
    ERRORS.lock().unwrap_or_else(PoisonError::into_inner).push(error);
}

struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR {
            let mut text = Text(format!("{}:", event.metadata().target()));
            event.record(&mut text);
            note(text.0);
        }
    }
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}
