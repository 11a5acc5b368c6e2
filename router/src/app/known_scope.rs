//! Whether anything is known by the names that somebody wants to pause: a typing error must not look like a pause.

use super::{App, Failure};
use engine::Refusal;
use engine::hold::Scope;
use engine::ids::EnvironmentName;
use engine::no_pause::NoPause;
use engine::policy::Policy;
use engine::spelling::nearest;
use entities::Tx;

impl App {
    /// The refusal where the policy names none of it and no change ever did.
    pub(super) async fn unknown_scope(&self, tx: &mut Tx, policy: &Policy, scope: &Scope) -> Result<Option<Refusal>, Failure> {
        if let Some(name) = &scope.environment {
            let mut named = policy.environments().map(EnvironmentName::as_str);
            if !named.any(|known| known == name) && !tx.knows_environment(name).await? {
                return Ok(Some(unknown(name, policy.environments().map(EnvironmentName::as_str))));
            }
        }
        if let Some(name) = &scope.service
            && !policy.services().any(|known| known == name)
            && !tx.knows_service(name).await?
        {
            return Ok(Some(unknown(name, policy.services())));
        }
        Ok(None)
    }
}

fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Refusal {
    NoPause::UnknownScope { scope: name.to_owned(), meant: nearest(name, known) }.into()
}
