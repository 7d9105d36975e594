//! `POST /signin`: e-mail and password of the staff.

use std::sync::Arc;

use crate::host::Host;
use crate::limits::Group;
use crate::outbox::{Channel, Purpose};
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;
use crate::users::Office;

pub(super) async fn sign_in(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let email = fields.text("email");
    let password = fields.text("password");
    fields.check()?;

    host.tables().attempt((Office::Back, Group::SignIn), &email, call.ip, host.now())?;
    let user = host.check_password(Office::Back, &email, password).await?;
    let now = host.now();
    let (answer, message) = {
        let mut tables = host.tables();
        if !tables.users.user(user).mailed_code {
            let pair = host.open_session(&mut tables, user)?;
            return Ok(Answer::BackSignedIn { pair });
        }
        let message = tables.send(user, Channel::Mail, Purpose::BackOfficeSignIn, now)?;
        let (token, expires) = tables.challenges.start(user, message.code().to_owned(), now);
        (Answer::CodeMailed { token, expires }, message)
    };
    host.tell(&message);
    Ok(answer)
}
