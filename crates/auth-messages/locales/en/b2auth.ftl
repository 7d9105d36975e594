# What only the command b2auth says. The rules are in errors.ftl. $problem is data: the words of the system, or of the
# parser of arguments, in their language.

host-says = The host says: { $text }
redirected-to = The host's address leads to { $to }. If that is the right host, use that address.
use-host = Name it with --host { $host }
other-keys = The host's certificate has none of the keys given by --pin, or these have expired. Somebody may be reading along, or the host has new keys. Ask its operator before you change the pins.

## Wrong calls

usage = Wrong call: { $problem }
    .no_command = Name a command: signin, token, refresh, run, qr, status, accounts, keep-alive, signout, store, pins, sandbox, demo, completions or man.
    .no_host = Name the host with --host or B2AUTH_HOST.
    .host_scheme = The host (--host) must start with https://.
    .host_plain_http = Plain http is only for this machine. Use https for --host.
    .host_user_info = The host (--host) must not carry a user name or password.
    .host_query = The host (--host) must not carry a query or fragment.
    .host_name = The name of the host (--host) is not valid. Write an international name in its xn-- form.
    .host_port = The port of the host (--host) must be a number from 1 to 65535.
    .host_path = The path of the host (--host) has characters or segments that are not allowed.
    .ca_file = The file { $file } (--ca-file) cannot be used: { $problem }
    .pins = The pins (--pin) cannot be used: { $problem }
    .pin_host = Name the host whose pins these are with --host or B2AUTH_HOST.
    .pin_expires = The option --pin-expires is of pins. Give them with --pin.
    .memory_store = The memory store ends with this process, and the session with it. Name another one with --store file:PATH.
    .copy_memory = The memory store has nothing to copy and keeps nothing. Name file:PATH, keyring, sqlite:PATH or redis://HOST.
    .copy_same = Both stores are the same. Name another one to copy into.
    .copy_differs = The account at { $host } ({ $office } office, profile { $profile }) has another session in the store to copy into. Nothing was copied. Replace what differs there with --replace.
    .rekey_memory = The memory store has no key. Name file:PATH, sqlite:PATH or redis://HOST.
    .rekey_keyring = The keyring has no key of ours. Its own password is changed with the tools of the system.
    .rekey_key = The store is to be sealed anew, and it is not said with what. Give --new-passphrase-file FILE or --new-key-file.
    .redis_key = A Redis store is sealed with a passphrase that all who share it have. Set B2AUTH_STORE_KEY_FILE or B2AUTH_STORE_KEY.
    .redis_two_keys = The URL of the store names the keyring for its key, and a passphrase is set as well. Take out key=keyring, or unset B2AUTH_STORE_KEY and B2AUTH_STORE_KEY_FILE.
    .redis_user = The URL of the store names a user and no password. Add password-file=FILE to it.
    .redis_aside = A Redis store is not set aside, since others share it. Give it another prefix in its URL (?prefix=NAME), or remove its records.
    .redis_rekey = A Redis store has no key file. Seal it anew with --new-passphrase-file FILE.
    .store_ca_file = The certificates in { $file } (B2AUTH_STORE_CA_FILE) cannot be read: { $problem }
    .ignored_option = The command { $command } does nothing with { $option }. Leave it out.
    .totp_file = The file { $file } (--totp-secret-file) cannot be used: { $problem }
    .no_home = There is no home folder. Name a store with --store file:PATH.
    .empty_variable = { $variable } is set, but empty: what it should carry did not arrive. Set it anew, or unset it.
    .secret_file = The file { $file } ({ $option }) cannot be used: { $problem }
    .secret_file_open = Others can read { $file } ({ $option }). Make it yours alone, with mode 0600.
    .two_store_keys = B2AUTH_STORE_KEY and B2AUTH_STORE_KEY_FILE are both set. Unset one of them.
    .store_key = B2AUTH_STORE_KEY is not valid text. Set it anew.
    .other_account = The pending sign-in is of { $account }. Leave --resume out to start anew.
    .resume_forgotten = A sign-in is pending. Go on with --resume, or start anew with --password-stdin.
    .password_unreadable = The password cannot be read from standard input.
    .password_missing = The password was expected on standard input, and nothing came.
    .new_password_unreadable = The new password cannot be read from standard input.
    .new_password_missing = The new password was expected on standard input, and nothing came.
    .picture_file = The file { $file } (--image) cannot be read: { $problem }
    .qr_text_unreadable = The code's text cannot be read from standard input.
    .qr_text_missing = The code's text was expected on standard input, and nothing came.
    .qr_nobody = There is no terminal to show the code on. Use --json, --svg or --png.

## What else ends a command

nothing_pending = No sign-in is pending. Start one with b2auth signin.
unsupported_workflow = The host wants a step that b2auth does not know ({ $workflow }). Sign in with a browser.
unanswered = The question was not answered. Go on with b2auth signin --resume if a sign-in was under way.
code_command = The program { $program } (--code-command) gave no code: { $problem }. Go on with b2auth signin --resume.
command_not_found = There is no command { $command }. Check its name and the search path.
command_not_run = The command { $command } cannot be run: { $problem }
output = Standard output cannot be written: { $problem }
runtime = The runtime cannot start: { $problem }
build = This b2auth lacks a part that it needs: { $problem }
sandbox = The sandbox cannot serve: { $problem }
signals = This command cannot be ended by a signal: { $problem }
demo = The demo cannot go on: { $problem }
qr_declined = The sign-in was declined on the device that scanned the code. Show a new code if that was a mistake.
qr_too_long = The text is too long for a QR code. Choose a shorter one with --qr-option payload=id.
picture_unknown = The file is neither a PNG nor a JPEG. Convert the picture.
picture_damaged = The picture is damaged. Take a new one.
picture_too_large = The picture is larger than 16 MiB or 64 million pixels. Cut the code out.
picture_without_code = There is no QR code in the picture. Take one that shows the whole code with its light margin.
picture_with_several_codes = There are several QR codes in the picture. Cut out the one that is meant.
picture_code_unreadable = The QR code in the picture cannot be read. Take a sharper picture, straight from the front.

## What is needed next

need-credentials = E-mail and password are needed: { $command }
need-recaptcha = A reCAPTCHA response is needed: { $command }
need-method = A two-factor method is needed: { $command }
need-code = A code is needed ({ $method }): { $command }
need-mailed-code = The code sent by { $provider } is needed: { $command }
need-reset-code = A password reset was ordered. The e-mailed code is needed: { $command }
need-new-password = A new password is needed: { $command }
need-approval = Somebody has to approve at a terminal. To approve without a question, use --yes.

## Notes

waiting = { $host } has not answered yet. It is waited for up to { $wait }.
pin-in-reserve = Give two pins at least: one that is printed here, and that of a key which is kept in reserve.
signed-in-all-the-same = You are signed in as { $account } all the same: the session is kept.
refreshed-all-the-same = The session was refreshed all the same.
signed-out-all-the-same = The sign-out was made all the same.
approved-all-the-same = The approval was made all the same.
store-io-at = { $path }: { $problem }. Check the store's place, its permissions and the free space.
not-a-store-at = { $path } is a file of another program, and was left as it is. Move it away, or choose another place.
store-key-missing-at = The store's sessions cannot be opened without its key file { $path }: { $problem }. Put that file back where it was.
store-reason = The reason: { $problem }.
lost-key = If the key is lost for good, sign in anew with b2auth signin --set-store-aside, which keeps the old store.
store-copy-changed = The records were copied, but the store was in use meanwhile and has newer ones by now. Stop what uses it, and copy again with --replace.
store-set-aside = The old store is kept as { $file }.
store-not-set-aside = The store can be opened, and stays in its place.
keyring-given-up = The keyring does not have the old store any more. It was given up.
copy-is-used = From now on b2auth uses { $store } where no store is named.
lost-keyring = The keyring does not have the sessions that were kept in it. If they are lost for good, sign in anew with b2auth signin --set-store-aside.
status-store-file = Store: encrypted file { $path }, key file beside it. It protects a copy of the file without its key, not against programs of this user.
status-store-file-passphrase = Store: encrypted file { $path }, sealed with a passphrase. It protects the file from whoever does not have the passphrase.
status-store-database = Store: encrypted database { $path }, key file beside it. It protects a copy of the database without its key, not against programs of this user.
status-store-database-passphrase = Store: encrypted database { $path }, sealed with a passphrase. It protects the database from whoever does not have the passphrase.
status-store-keyring = Store: the keyring of the system, entries { $name }. It protects the sessions while the keyring is locked, not against programs of this user while it is unlocked.
status-store-redis = Store: Redis at { $place }, sealed with a passphrase. It protects the sessions from whoever sees the server, its copies or the wire and does not have the passphrase.
status-store-redis-keyring = Store: Redis at { $place }, sealed with a key in the keyring of the system. It protects the sessions from whoever sees the server, its copies or the wire, not against programs of this user while the keyring is unlocked.
status-store-memory = Store: memory. It ends with this process.
secret-on-mount = Others on this machine can read { $file } ({ $option }). It is taken all the same: its mount is read-only.
not-revoked = Signed out here, but the host has not confirmed it. Its tokens may be good until they expire.
revoked-later = Signed out here. The host has not confirmed it yet; the next command that reaches it tells it again.
signed-out-unread = Signed out here, but a stored record was damaged: its tokens are not known and were not revoked. They may be good until they expire.
store-not-listed = The store is damaged, so nobody can say who is signed in. Run b2auth status, which sets aside what is damaged, and then this command again.
method-not-enabled = The method { $method } is not enabled for this account.
other-method = The host asks for a code by { $method }, not by the method named.
not-the-same = The two are not the same.

## QR sign-in

qr-scan = Scan this code with a device that is signed in at { $host }, and approve.
qr-this-screen = The host sees this screen as { $place }. The other device should show the same.
qr-this-screen-unknown = The host does not say where it sees this screen.
qr-narrow = The terminal is too narrow for the code. Make it { $columns } columns wide and start again, or use --png.
qr-in-file = The code is in { $file }.
qr-renewed-in = The code is renewed in { $wait }.
qr-new-code = The code has expired. A new one follows.
qr-connection-lost = The connection was interrupted. A new code follows.
qr-approved-late = The approval came too late. A new code follows.
qr-approved = Approved. Signing in now.
qr-account = Account: { $account }
qr-host = Site: { $host }
qr-address = Address of the screen: { $ip }
qr-place = Place of the screen: { $place }
qr-device = Program of the screen: { $device }
qr-made = Code made: { $date }
qr-expires = Code expires: { $date }
qr-unknown = unknown
