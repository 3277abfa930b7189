//! Gongkai (公开): case management for 政府信息依申请公开.

pub mod app;
pub mod assembly;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod documents;
pub mod domain;
pub mod jobs;
pub mod keys;
pub mod mail;
pub mod passwords;
pub mod signing;
pub mod storage;
pub mod telemetry;
pub mod web;
