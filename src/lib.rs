//! Gongkai (公开): case management for 政府信息依申请公开.

pub mod cli;
pub mod clock;
pub mod db;
pub mod domain;
pub mod keys;
pub mod mail;
pub mod passwords;
pub mod storage;
