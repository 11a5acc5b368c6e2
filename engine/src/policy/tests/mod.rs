//! Tables over the whole loader and over routing; what one file can show alone is tested beside it.

mod attributes;
mod calendars;
mod conditions;
mod duty;
mod editor;
mod evaluation;
mod faults;
mod fields;
mod freezes;
mod gates;
mod hostile;
mod incidents;
mod lists;
mod promotion;
mod properties;
mod quorums;
mod routing;
mod severities;
mod together;
mod windows;
