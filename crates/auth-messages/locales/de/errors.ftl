# Was bei einer Anmeldung oder Sitzung schiefgeht: für b2auth und für Apps. Die Regeln stehen in en/errors.ftl.

## Was der Benutzer richten kann

wrong_credentials = E-Mail oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut.
wrong_code = Der Code ist falsch oder abgelaufen. Geben Sie den aktuellen ein.
password_refused = Der Server nimmt dieses neue Passwort nicht an. Wählen Sie ein anderes.
recaptcha_required = Der Server verlangt ein reCAPTCHA. Lösen Sie es und versuchen Sie es erneut.
recaptcha_refused = Das reCAPTCHA wurde nicht angenommen. Lösen Sie ein neues.
method_not_available = Diese Zwei-Faktor-Methode ist für das Konto nicht eingerichtet. Wählen Sie eine andere.
invalid_input =
    .email_needed = Geben Sie die E-Mail-Adresse ein.
    .no_email = Das ist keine E-Mail-Adresse. Prüfen Sie sie.
    .password_needed = Geben Sie das Passwort ein.
    .new_password_needed = Geben Sie ein neues Passwort ein.
    .code_needed = Geben Sie den Code ein.
    .code_not_digits = Ein Code besteht nur aus Ziffern. Prüfen Sie ihn.
    .code_not_letters_or_digits = Ein Code besteht nur aus Buchstaben und Ziffern. Prüfen Sie ihn.

## Was der Server entscheidet

locked_out = Zu viele Versuche; versuchen Sie es in { $wait } erneut.
refused = Der Server lehnt dieses Konto, Gerät oder Netz oder diese Methode ab. Wenden Sie sich an seinen Support.
sign_in_expired = Diese Anmeldung ist abgelaufen; beginnen Sie von vorn.
not_signed_in = Niemand ist angemeldet. Melden Sie sich zuerst an.
session_ended = Die Sitzung ist beendet. Melden Sie sich erneut an.
reauthentication_required = Der Server hat die Sitzung nicht verlängert. Melden Sie sich erneut an.
session_replaced = Inzwischen hat sich hier jemand an- oder abgemeldet. Melden Sie sich erneut an.

## Das Netz, und Server, die nicht antworten, wie sie sollen

unreachable = Der Server ist nicht erreichbar. Prüfen Sie seine Adresse und das Netz.
tls = Es gibt keine sichere Verbindung zum Server: Seinem Zertifikat wird nicht vertraut. Prüfen Sie seine Adresse und das Netz.
interrupted = Die Verbindung brach ab, bevor die Antwort vollständig war. Versuchen Sie es erneut.
timed_out = Der Server hat nicht rechtzeitig geantwortet. Versuchen Sie es erneut.
too_large = Die Antwort ist größer als jede von B2Core. Prüfen Sie die Adresse des Servers.
not_http = Was hier antwortet, spricht kein HTTP. Prüfen Sie die Adresse des Servers.
transport_failed = Die Verbindung ist aus unbekanntem Grund gescheitert. Melden Sie es.
host_failed = Der Server hat ein Problem (HTTP { $status }). Versuchen Sie es später erneut.
    .wait = Der Server hat ein Problem (HTTP { $status }). Versuchen Sie es in { $wait } erneut.
backing_off = Der Server hatte eben ein Problem. Versuchen Sie es in { $wait } erneut.
not_b2core = Was hier antwortet, ist nicht B2Core. Prüfen Sie die Adresse des Servers und das Netz.
redirected = Die Adresse des Servers führt woandershin. Prüfen Sie sie.
protocol = Der Server hat auf unbekannte Weise geantwortet. Aktualisieren Sie dieses Programm oder melden Sie es.

## Dieses Gerät

store_unavailable = Die gespeicherten Anmeldungen sind gerade nicht verfügbar. Versuchen Sie es gleich noch einmal.
store_wrong_key = Der Speicher wurde mit einem anderen Schlüssel oder einer anderen Passphrase versiegelt. Verwenden Sie diese.
store_corrupt = Ein gespeicherter Eintrag war beschädigt und wurde beiseitegelegt. Melden Sie sich erneut an.
store_newer = Der Speicher wurde von einer neueren Version geschrieben. Aktualisieren Sie dieses Programm.
store_io = Der Speicher kann nicht gelesen oder geschrieben werden. Prüfen Sie seinen Ort, seine Rechte und den freien Platz.
store_failed = Der Speicher hat versagt. Melden Sie es.
not_saved = Der Server hat geantwortet, aber die Sitzung konnte nicht gespeichert werden. Prüfen Sie den Speicher dieses Geräts und melden Sie sich dann erneut an.
busy = Eine andere Antwort wird gerade übermittelt. Warten Sie darauf.
stale_step = Die Anmeldung ist weitergegangen. Fahren Sie dort fort, wo sie jetzt steht.
cancelled = Abgebrochen. Versuchen Sie es erneut, wann Sie möchten.
setup = Dieses Programm ist für seinen Server nicht richtig eingerichtet. Melden Sie es.

## Zeiten

wait-hours = { $count } h
wait-minutes = { $count } min
wait-seconds = { $count } s
