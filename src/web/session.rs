//! Who calls: the bearer token is read once for each request, and handlers say in their type whom
//! they admit. `Permit` stands first among the arguments, so that 401 comes before 403 and 403
//! before any complaint about what was sent.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};

use super::ApiError;
use crate::app::sessions::Session;
use crate::app::{App, AppError, Principal};
use crate::domain::policy::Role;

type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// What came with the request.
#[derive(Clone)]
enum Bearer {
    /// A good token.
    Good(Session),
    /// A token that is no good, and why.
    Bad { code: &'static str, message: &'static str },
}

/// Reads the token, if there is one. Whether one is needed is for the handler to say.
///
/// # Errors
///
/// Only those of the services further in.
pub async fn read_bearer(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(bearer) = bearer_of(&req) {
        req.extensions_mut().insert(bearer);
    }
    next.call(req).await
}

fn bearer_of(req: &ServiceRequest) -> Option<Bearer> {
    let malformed = Bearer::Bad {
        code: "token_malformed",
        message: "请求头 Authorization 应为 Bearer 加访问令牌",
    };
    let value = req.headers().get(header::AUTHORIZATION)?;
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    let Some((_, token)) = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return Some(malformed);
    };
    let app = req.app_data::<Data<App>>()?;
    Some(match app.session(token.trim()) {
        Ok(session) => Bearer::Good(session),
        Err(AppError::Unauthenticated { code, message }) => Bearer::Bad { code, message },
        Err(_) => malformed,
    })
}

/// Whom a handler admits.
pub trait Policy: 'static {
    /// What is said to the others.
    const REFUSAL: &'static str = "您的岗位没有此项操作的权限";
    /// Whether somebody who still has the one-time password is admitted.
    const BEFORE_PASSWORD_CHANGE: bool = false;

    /// Whether the person is admitted.
    fn admits(who: &Principal) -> bool;
}

macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident: $roles:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Policy for $name {
                fn admits(who: &Principal) -> bool {
                    let roles: &[Role] = &$roles;
                    roles.iter().any(|role| who.is(*role))
                }
            }
        )+
    };
}

policies! {
    /// Anybody with a role.
    Staff: [
        Role::Clerk,
        Role::Officer,
        Role::Head,
        Role::SecrecyReviewer,
        Role::LegalReviewer,
        Role::Leader,
        Role::Signer,
        Role::Supervisor,
        Role::Administrator,
    ];
    /// Those who handle cases of their agency.
    CaseWorkers: [Role::Clerk, Role::Officer, Role::Head];
    /// Those who take a step on cases of their agency: also the reviewer of secrecy, whose steps
    /// are few.
    CaseActors: [Role::Clerk, Role::Officer, Role::Head, Role::SecrecyReviewer];
    /// Those who see cases: of their agency, or, as supervisors, of their branch or the county.
    CaseReaders: [
        Role::Clerk,
        Role::Officer,
        Role::Head,
        Role::SecrecyReviewer,
        Role::LegalReviewer,
        Role::Leader,
        Role::Signer,
        Role::Supervisor,
    ];
    /// Those who may have the bundle of a case: its officer, heads, supervisors.
    BundleReaders: [Role::Officer, Role::Head, Role::Supervisor];
    /// Those who oversee how cases are handled: heads in their agency, supervisors in their branch.
    Overseers: [Role::Head, Role::Supervisor];
    /// Those who take a step on a draft reply, each in turn.
    DraftSteps: [Role::Clerk, Role::Officer, Role::Head, Role::LegalReviewer, Role::Leader,
        Role::Signer];
    /// Those who read the approval chains of an agency.
    ChainReaders: [Role::Head, Role::Supervisor, Role::Administrator];
    /// Those who write and review the wording of an agency's documents.
    WordingKeepers: [Role::Head, Role::LegalReviewer, Role::Administrator];
    /// Those of them who write it.
    WordingDrafters: [Role::Head, Role::Administrator];
    /// Those who appoint deputies.
    Appointers: [Role::Head, Role::Administrator];
    /// Those who keep the forms that an agency made itself.
    FormKeepers: [Role::Head, Role::Administrator];
    /// Those who write what leaves the agency in its name.
    Drafters: [Role::Officer, Role::Head];
    /// Those who assess again what was withheld.
    Assessors: [Role::Officer, Role::Head, Role::Leader];
    /// Those who take a step on a publication, each their own.
    Publishers: [Role::Officer, Role::Head, Role::SecrecyReviewer, Role::Leader];
    /// Heads of a disclosure office.
    Heads: [Role::Head];
    /// Those who keep the calendar of record: two of them for each version.
    CalendarKeepers: [Role::Supervisor, Role::Administrator];
    /// Supervisors of the county.
    Supervisors: [Role::Supervisor];
    /// Administrators.
    Administrators: [Role::Administrator];
}

/// Anybody who is signed in, even with the one-time password.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn;

impl Policy for SignedIn {
    const BEFORE_PASSWORD_CHANGE: bool = true;

    fn admits(_: &Principal) -> bool {
        true
    }
}

/// The permit to call a handler: proof that the caller is signed in and admitted by `P`.
#[derive(Debug, Clone)]
pub struct Permit<P> {
    /// The sign-in the token belongs to.
    pub session: Session,
    policy: PhantomData<P>,
}

impl<P> Permit<P> {
    /// The person, to be handed on into a transaction.
    #[must_use]
    pub fn principal(&self) -> Principal {
        self.session.principal.clone()
    }
}

impl<P> Deref for Permit<P> {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.session.principal
    }
}

impl<P: Policy> FromRequest for Permit<P> {
    type Error = ApiError;
    type Future = LocalBoxFuture<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (permit, app) = (admit::<P>(req), req.app_data::<Data<App>>().cloned());
        Box::pin(async move {
            let mut permit = permit?;
            if let Some(app) = app.filter(|_| permit.oversees_a_branch()) {
                permit.session.principal.branch = app.branch_of(&permit).await?;
            }
            Ok(permit)
        })
    }
}

fn admit<P: Policy>(req: &HttpRequest) -> Result<Permit<P>, ApiError> {
    let session = match req.extensions().get::<Bearer>() {
        Some(Bearer::Good(session)) => session.clone(),
        Some(Bearer::Bad { code, message }) => {
            return Err(ApiError::new(StatusCode::UNAUTHORIZED, code, *message));
        }
        None => return Err(ApiError::new(StatusCode::UNAUTHORIZED, "not_signed_in", "请先登录")),
    };
    if session.must_change && !P::BEFORE_PASSWORD_CHANGE {
        let detail = "请先修改一次性密码，再办理其他事项";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "password_change_required", detail));
    }
    if !P::admits(&session.principal) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", P::REFUSAL));
    }
    Ok(Permit { session, policy: PhantomData })
}
