# What goes wrong with a sign-in or a session: for b2auth and for apps.
#
# An id is the error's code; an attribute is what is wrong where one code has several messages. Ids with a dash are no
# codes. Texts are whole sentences that say what to do next. Placeables are plain: the platforms' own formats have no
# selectors. How to add a language or a code is in CONTRIBUTING.md.

## What the user can mend

wrong_credentials = Wrong e-mail or password. Check both and try again.
    .left = Wrong e-mail or password. Check both and try again. Attempts left: { $attempts }.
wrong_code = The code is wrong or has expired. Enter the current one.
    .left = The code is wrong or has expired. Enter the current one. Attempts left: { $attempts }.
password_refused = The host does not accept this new password. Choose another one.
recaptcha_required = The host asks for a reCAPTCHA. Solve it and try again.
recaptcha_refused = The reCAPTCHA was not accepted. Solve a new one.
method_not_available = This two-factor method is not enabled for the account. Choose another one.
invalid_input =
    .email_needed = Enter the e-mail address.
    .no_email = This is not an e-mail address. Check it.
    .password_needed = Enter the password.
    .new_password_needed = Enter a new password.
    .code_needed = Enter the code.
    .code_not_digits = A code has digits only. Check it.
    .code_not_letters_or_digits = A code has letters and digits only. Check it.

## What the host decides

# $wait: the time until the next attempt is worth making
locked_out = Too many attempts; try again in { $wait }.
refused = The host refuses this account, device, network or method. Contact its support.
sign_in_expired = This sign-in has expired; start again.
not_signed_in = Nobody is signed in. Sign in first.
session_ended = The session has ended. Sign in again.
reauthentication_required = The host did not refresh the session. Sign in again.
session_replaced = Somebody has signed in or out here meanwhile. Load the session again.

## The network, and hosts that do not answer as they should

unreachable = The host cannot be reached. Check its address and the network.
tls = There is no secure connection to the host: its certificate is not trusted. Check its address and the network.
pin_mismatch = The host's certificate has none of the keys that this program expects, or its list of them is out of date. Somebody may be reading along, or the host has new keys. Update this program, or try another network.
interrupted = The connection broke before the answer was complete. Try again.
timed_out = The host did not answer in time. Try again.
too_large = The answer is larger than any of B2Core's. Check the host's address.
not_http = What answers does not speak HTTP. Check the host's address.
transport_failed = The connection failed for an unknown reason. Report it.
# $status: the HTTP status; $wait: how long to wait
host_failed = The host has a problem (HTTP { $status }). Try again later.
    .wait = The host has a problem (HTTP { $status }). Try again in { $wait }.
backing_off = The host had a problem a moment ago. Try again in { $wait }.
not_b2core = What answers is not B2Core. Check the host's address and the network.
# $to: the other host's address
redirected = The host's address leads elsewhere. Check it.
blocked_by_gateway = Protection in front of the host refused this program. The host's operator has to let it through.
    .proxy = The proxy wants a user name and a password. Write them into the proxy's address.
    .portal = This network wants you to sign in to it first. Do so in a browser, then try again.
protocol = The host answered in an unknown way. Update this program, or report it.

## This device

store_unavailable = The stored sign-ins are not available now. Try again in a moment.
store_wrong_key = The store was sealed with another key or passphrase. Use that one.
store_key_missing = The store's sessions cannot be opened without its key file. Put that file back where it was.
not_a_store = Another program's file is in the store's place, and was left as it is. Move it away, or choose another place.
store_corrupt = A stored record is damaged and is not used any more. Sign in again.
store_newer = The store was written by a newer version. Update this program.
store_io = The store cannot be read or written. Check its place, its permissions and the free space.
store_failed = The store failed. Report it.
not_saved = The host has answered, but the session could not be saved. Check this device's storage, then sign in again.
busy = Another answer is being submitted. Wait for it.
stale_step = The sign-in has moved on. Go on from where it is now.
cancelled = Cancelled. Try again when you wish.
setup = This program is not set up for its host as it should be. Report it.

## QR sign-in

not_available = The host has no QR sign-in. Sign in with your password.
not_a_qr_code = This is not a sign-in code. Scan the code on the sign-in page.
qr_other_host = This code belongs to another site. Do not approve it.
qr_expired = The code has expired. Scan the new one.
qr_already_used = This code was used before. Scan a new one.
qr_already_decided = You have decided on this code before. Scan a new one.
qr_not_confirmed = Nothing was approved, since it was not confirmed on this device. Try again.
qr_unauthorized = The host does not accept this sign-in any more. Sign in again, then scan the code.
qr_uncertain = The host did not say whether it took the approval. Look at the other screen; if it is not signed in, scan a new code.
qr_authorization_used = Somebody else has used this approval. Look at the account's devices and sign out those you do not know.
qr_no_code = No code is shown now. Wait for the next one.
channel_unreachable = The host's live channel cannot be reached. Check the network.
channel_tls = There is no secure connection to the host's live channel: its certificate is not trusted. Check the network.
channel_pin_mismatch = The certificate of the host's live channel has none of the keys that this program expects, or its list of them is out of date. Update this program, or try another network.
channel_not_found = The host has no live channel at this address. Check the program's settings.
channel_protocol = The host's live channel does not answer as it should. Try again later.
channel_refused = The host does not let this screen wait for an approval. Contact its support.
channel_failed = The live channel failed. Report it.
# $place: where the host takes the other screen to be; $account: who would be signed in there
qr-question = A screen in { $place } will be signed in as { $account }. Approve it only if it is in front of you.
qr-question-unknown = A screen in an unknown place will be signed in as { $account }. Approve it only if it is in front of you.
qr-risk-address_unknown = The host does not say where that screen is.
qr-risk-address_differs = That screen is in another network than this device.
qr-risk-nearly_expired = The code expires in a few seconds.
qr-risk-host_not_named = The code does not say which site it belongs to.
qr-risk-recent_approval = You have approved another sign-in a moment ago.
qr-risk-not_from_camera = The code was not scanned from a screen. Somebody may have sent it to you.
qr-risk-other = There is another reason to look twice.

## Times, put together from those parts that are not zero

wait-hours = { $count } h
wait-minutes = { $count } min
wait-seconds = { $count } s
