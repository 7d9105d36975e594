//! From step to step.

use super::{answers::Answers, more::Need};
use crate::{
    failure::{Failure, quoted, with_quote},
    messages, output,
};
use auth_client::{
    ChooseMethodStep, CodeStep, Credentials, CredentialsStep, MailedCodeStep, NewPasswordStep, Recovery,
    RequestError, ResetCodeStep, Session, SignIn, SignInError, SignInStep, TwoFactorMethod,
};
use auth_messages::Message;

/// How a walk ends if nothing fails.
pub(super) enum End {
    SignedIn(Session),
    MoreNeeded(Need),
}

/// One step's outcome: it moved, or it needs something that nobody is there to give.
enum Transition {
    Made,
    Needs(Need),
}

pub(super) async fn walk(sign_in: &SignIn, mut answers: Answers, resumed: bool) -> Result<End, Failure> {
    // Made once only: a host that does not follow must not be asked for ever.
    let mut wish = answers.method;
    loop {
        let moved = match sign_in.current() {
            SignInStep::SignedIn(session) => return Ok(End::SignedIn(session)),
            SignInStep::Start(start) => start.open().await.map(|_| Transition::Made).map_err(Into::into),
            SignInStep::Credentials(form) => credentials(&form, &mut answers).await,
            SignInStep::ChooseMethod(choice) => choose(&choice, &answers).await,
            SignInStep::Code(code) => {
                match wish.take().filter(|wish| wants_change(&code, *wish, &answers, resumed)) {
                    Some(wish) => code.choose(wish).await.map(|_| Transition::Made).map_err(Into::into),
                    None => check(&code, &mut answers).await,
                }
            }
            SignInStep::MailedCode(code) => mailed(&code, &mut answers).await,
            SignInStep::ResetCode(code) => reset(&code, &mut answers).await,
            SignInStep::NewPassword(form) => new_password(&form, &mut answers).await,
            SignInStep::Unsupported(place) => return Err(unsupported(place.workflow())),
        };
        if let Transition::Needs(need) = moved? {
            return Ok(End::MoreNeeded(need));
        }
    }
}

fn note(message: &Message) {
    output::note(format!("b2auth: {}", messages::say(message)));
}

/// A step's result: on a mistake of the user, who is there, the step is simply asked again.
fn ask_again_on_mistake(
    result: Result<SignInStep, RequestError<SignInError>>,
    answers: &Answers,
) -> Result<Transition, Failure> {
    match result {
        Ok(_) => Ok(Transition::Made),
        Err(failed) if answers.prompt.is_attended() && failed.recovery() == Recovery::AskUser => {
            let server_message =
                failed.cause.server_message().and_then(|server_message| server_message.lines().first());
            output::note(messages::say(&with_quote((&failed.cause).into(), server_message)));
            Ok(Transition::Made)
        }
        Err(failed) => Err(failed.into()),
    }
}

async fn credentials(form: &CredentialsStep, answers: &mut Answers) -> Result<Transition, Failure> {
    let Some(email) = answers.email_or_ask(form.account())? else {
        return Ok(Transition::Needs(Need::credentials()));
    };
    let Some(password) = answers.password_or_ask()? else {
        return Ok(Transition::Needs(Need::credentials()));
    };
    let mut credentials = Credentials::new(email.as_str(), password.clone());
    let given = match form.info().recaptcha_required {
        true => match answers.recaptcha_or_ask()? {
            Some(response) => Some(response),
            None => return Ok(Transition::Needs(Need::recaptcha())),
        },
        // Some hosts want one without announcing it.
        false => answers.recaptcha(),
    };
    if let Some(response) = given {
        credentials = credentials.with_recaptcha(response);
    }
    let result = form.submit(credentials).await;
    match &result {
        Err(failed) if matches!(failed.cause, SignInError::RecaptchaRequired) => {
            answers.keep_password(password);
            return Ok(Transition::Made);
        }
        Err(failed) if failed.recovery() == Recovery::AskUser => answers.ask_email_again(email),
        _ => {}
    }
    ask_again_on_mistake(result, answers)
}

async fn choose(choice: &ChooseMethodStep, answers: &Answers) -> Result<Transition, Failure> {
    let offered: Vec<TwoFactorMethod> = choice.options().iter().map(|option| option.method).collect();
    let method = match answers.method {
        Some(wish) if offered.contains(&wish) => Some(wish),
        Some(wish) => {
            note(&Message::new("method-not-enabled").with("method", wish));
            None
        }
        None if offered.len() == 1 => Some(offered[0]),
        None => {
            let caption = |option: &auth_client::MethodOption| match &option.caption {
                Some(caption) => format!("{}: {}", option.method, quoted(caption)),
                None => option.method.to_string(),
            };
            let named: Vec<_> =
                choice.options().iter().map(|option| (option.method, caption(option))).collect();
            answers.prompt.method(&named)?
        }
    };
    let Some(method) = method else { return Ok(Transition::Needs(Need::method(&offered))) };
    choice.choose(method).await.map(|_| Transition::Made).map_err(Into::into)
}

/// True if the method asked for is not the one that the code step is at. With `--resume` it is a wish to change, which
/// the client refuses if the method is not offered, or for one more SMS; in a fresh sign-in it is a preference.
fn wants_change(code: &CodeStep, wish: TwoFactorMethod, answers: &Answers, resumed: bool) -> bool {
    match wish == code.method() {
        true => resumed && wish == TwoFactorMethod::Sms && !answers.has_code(),
        false => resumed || code.methods().contains(&wish),
    }
}

async fn check(code: &CodeStep, answers: &mut Answers) -> Result<Transition, Failure> {
    // A code that was meant for another method would be a wasted attempt.
    if answers.method.is_some_and(|wish| wish != code.method()) {
        note(&Message::new("other-method").with("method", code.method()));
        return Ok(Transition::Needs(Need::code(&code.methods())));
    }
    let given = match code.method() {
        TwoFactorMethod::Google => answers.app_code_or_ask("Code of the authenticator app"),
        TwoFactorMethod::Sms => answers.code_or_ask("Code of the SMS"),
    };
    match given? {
        Some(given) => ask_again_on_mistake(code.submit(given).await, answers),
        None => Ok(Transition::Needs(Need::code(&code.methods()))),
    }
}

async fn mailed(code: &MailedCodeStep, answers: &mut Answers) -> Result<Transition, Failure> {
    match answers.code_or_ask(&format!("Code sent by {}", quoted(code.provider())))? {
        Some(given) => ask_again_on_mistake(code.submit(given).await, answers),
        None => Ok(Transition::Needs(Need::mailed_code(code.provider()))),
    }
}

async fn reset(code: &ResetCodeStep, answers: &mut Answers) -> Result<Transition, Failure> {
    match answers.code_or_ask("The password has to be reset. Code of the e-mail")? {
        Some(given) => ask_again_on_mistake(code.submit(given).await, answers),
        None => Ok(Transition::Needs(Need::reset_code())),
    }
}

async fn new_password(form: &NewPasswordStep, answers: &mut Answers) -> Result<Transition, Failure> {
    match answers.new_password_or_ask()? {
        Some(given) => ask_again_on_mistake(form.submit(given).await, answers),
        None => Ok(Transition::Needs(Need::new_password())),
    }
}

/// A step that no option can get past.
fn unsupported(workflow: &str) -> Failure {
    Failure::saying(
        "unsupported_workflow",
        Message::new("unsupported_workflow").with("workflow", quoted(workflow)),
    )
}
