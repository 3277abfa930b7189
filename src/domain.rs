//! The law as pure functions: no I/O, no clock, no randomness, no database.
//!
//! Every legal number of the program stands below this folder and nowhere else.
//! `docs/law.md` leads from an article to its function and its test.

pub mod agency;
pub mod applicant;
pub mod archiving;
pub mod calendar;
pub mod calendar_import;
pub mod case;
pub mod chain;
pub mod chronicle;
pub mod clock;
pub mod command;
pub mod complaint;
pub mod consultation;
pub mod counted;
pub mod dates;
pub mod decide;
pub mod event;
pub mod evidence;
pub mod examination;
pub mod fees;
pub mod festivals;
pub mod file;
pub mod forecast;
pub mod ids;
pub mod item;
pub mod notice;
pub mod number;
pub mod outcome;
pub mod personal;
pub mod policy;
pub mod proposal;
pub mod rating;
pub mod reason_text;
pub mod recalculation;
pub mod receipt;
pub mod record_correction;
pub mod refusal;
pub mod remedy;
pub mod reminder;
pub mod reply;
pub mod request;
pub mod service;
pub mod similarity;
pub mod state;
pub mod sweep;
pub mod table_four;
pub mod text;
pub mod text_enum;
pub mod timeline;
pub mod volume;
pub mod working_days;
