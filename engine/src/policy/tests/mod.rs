//! Tables over the whole loader and over routing; what one file can show alone is tested beside it.

mod calendars;
mod conditions;
mod duty;
mod editor;
mod evaluation;
mod faults;
mod fields;
mod freezes;
mod hostile;
mod properties;
mod routing;
mod severities;
