//! Gongkai (公开).

pub mod db;
