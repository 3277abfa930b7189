//! Tests of clock.
