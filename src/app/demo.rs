//! placeholder until the demo branch lands
use super::{App, AppError};

/// What was seeded.
pub struct DemoSummary {
    /// Accounts.
    pub accounts: Vec<DemoAccount>,
    /// Tickets.
    pub tickets: Vec<DemoTicket>,
}
/// Account.
pub struct DemoAccount {
    /// x
    pub login: String,
    /// x
    pub password: String,
    /// x
    pub agency: String,
    /// x
    pub roles: String,
}
/// Ticket.
pub struct DemoTicket {
    /// x
    pub number: String,
    /// x
    pub code: String,
    /// x
    pub title: String,
}
impl App {
    /// Seeds.
    pub async fn seed_demo(&self) -> Result<Option<DemoSummary>, AppError> {
        Ok(None)
    }
}
