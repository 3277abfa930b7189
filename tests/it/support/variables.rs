//! The variables that steer the suite, all named `GONGKAI_TEST_…`.

/// Value of a variable of the test suite, if set and not empty.
#[expect(clippy::disallowed_methods, reason = "the program's settings are not concerned")]
pub fn test_variable(name: &str) -> Option<String> {
    assert!(name.starts_with("GONGKAI_TEST_"), "{name} is not a variable of the suite");
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
