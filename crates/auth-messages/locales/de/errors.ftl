# Was bei einer Anmeldung oder Sitzung schiefgeht: für b2auth und für Apps. Die Regeln stehen in en/errors.ftl.

## Was der Benutzer richten kann

wrong_credentials = E-Mail oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut.
    .left = E-Mail oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut. Verbleibende Versuche: { $attempts }.
wrong_code = Der Code ist falsch oder abgelaufen. Geben Sie den aktuellen ein.
    .left = Der Code ist falsch oder abgelaufen. Geben Sie den aktuellen ein. Verbleibende Versuche: { $attempts }.
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
session_replaced = Inzwischen hat sich hier jemand an- oder abgemeldet. Laden Sie die Sitzung neu.

## Das Netz, und Server, die nicht antworten, wie sie sollen

unreachable = Der Server ist nicht erreichbar. Prüfen Sie seine Adresse und das Netz.
tls = Es gibt keine sichere Verbindung zum Server: Seinem Zertifikat wird nicht vertraut. Prüfen Sie seine Adresse und das Netz.
pin_mismatch = Das Zertifikat des Servers hat keinen der Schlüssel, die dieses Programm erwartet, oder dessen Liste ist veraltet. Vielleicht liest jemand mit, oder der Server hat neue Schlüssel. Aktualisieren Sie dieses Programm, oder versuchen Sie es in einem anderen Netz.
interrupted = Die Verbindung brach ab, bevor die Antwort vollständig war. Versuchen Sie es erneut.
timed_out = Der Server hat nicht rechtzeitig geantwortet. Versuchen Sie es erneut.
too_large = Die Antwort ist größer als jede von B2Core. Prüfen Sie die Adresse des Servers.
not_http = Was hier antwortet, spricht kein HTTP. Prüfen Sie die Adresse des Servers.
transport_failed = Die Verbindung ist aus unbekanntem Grund gescheitert. Melden Sie es.
host_failed = Der Server hat ein Problem (HTTP { $status }). Versuchen Sie es später erneut.
    .wait = Der Server hat ein Problem (HTTP { $status }). Versuchen Sie es in { $wait } erneut.
backing_off = Der Server hatte eben ein Problem. Versuchen Sie es in { $wait } erneut.
not_b2core = Was hier antwortet, ist nicht B2Core. Prüfen Sie die Adresse des Servers und das Netz.
# $to: die Adresse des anderen Servers
redirected = Die Adresse des Servers führt woandershin. Prüfen Sie sie.
blocked_by_gateway = Ein Schutz vor dem Server hat dieses Programm abgewiesen. Der Betreiber des Servers muss es durchlassen.
    .proxy = Der Proxy verlangt Benutzername und Passwort. Schreiben Sie sie in die Adresse des Proxys.
    .portal = In diesem Netz müssen Sie sich zuerst anmelden. Tun Sie das im Browser und versuchen Sie es dann erneut.
protocol = Der Server hat auf unbekannte Weise geantwortet. Aktualisieren Sie dieses Programm oder melden Sie es.

## Dieses Gerät

store_unavailable = Die gespeicherten Anmeldungen sind gerade nicht verfügbar. Versuchen Sie es gleich noch einmal.
store_wrong_key = Der Speicher wurde mit einem anderen Schlüssel oder einer anderen Passphrase versiegelt. Verwenden Sie diese.
store_key_missing = Ohne die Schlüsseldatei lassen sich die Sitzungen des Speichers nicht öffnen. Legen Sie sie wieder an ihren Ort.
not_a_store = Am Ort des Speichers liegt die Datei eines anderen Programms; sie blieb, wie sie ist. Legen Sie sie anderswohin, oder wählen Sie einen anderen Ort.
store_corrupt = Ein gespeicherter Eintrag ist beschädigt und wird nicht mehr verwendet. Melden Sie sich erneut an.
store_newer = Der Speicher wurde von einer neueren Version geschrieben. Aktualisieren Sie dieses Programm.
store_io = Der Speicher kann nicht gelesen oder geschrieben werden. Prüfen Sie seinen Ort, seine Rechte und den freien Platz.
store_failed = Der Speicher hat versagt. Melden Sie es.
not_saved = Der Server hat geantwortet, aber die Sitzung konnte nicht gespeichert werden. Prüfen Sie den Speicher dieses Geräts und melden Sie sich dann erneut an.
busy = Eine andere Antwort wird gerade übermittelt. Warten Sie darauf.
stale_step = Die Anmeldung ist weitergegangen. Fahren Sie dort fort, wo sie jetzt steht.
cancelled = Abgebrochen. Versuchen Sie es erneut, wann Sie möchten.
setup = Dieses Programm ist für seinen Server nicht richtig eingerichtet. Melden Sie es.

## Anmeldung mit QR-Code

not_available = Der Server hat keine Anmeldung mit QR-Code. Melden Sie sich mit dem Passwort an.
not_a_qr_code = Das ist kein Anmeldecode. Scannen Sie den Code auf der Anmeldeseite.
qr_other_host = Dieser Code gehört zu einer anderen Seite. Geben Sie ihn nicht frei.
qr_expired = Der Code ist abgelaufen. Scannen Sie den neuen.
qr_already_used = Dieser Code wurde schon verwendet. Scannen Sie einen neuen.
qr_already_decided = Über diesen Code haben Sie schon entschieden. Scannen Sie einen neuen.
qr_not_confirmed = Nichts wurde freigegeben, weil es auf diesem Gerät nicht bestätigt wurde. Versuchen Sie es erneut.
qr_unauthorized = Der Server nimmt diese Anmeldung nicht mehr an. Melden Sie sich erneut an und scannen Sie dann den Code.
qr_uncertain = Der Server hat nicht gesagt, ob er die Freigabe angenommen hat. Sehen Sie auf den anderen Bildschirm; ist er nicht angemeldet, scannen Sie einen neuen Code.
qr_authorization_used = Jemand anders hat diese Freigabe verwendet. Prüfen Sie die Geräte des Kontos und melden Sie unbekannte ab.
qr_no_code = Gerade wird kein Code gezeigt. Warten Sie auf den nächsten.
channel_unreachable = Der Live-Kanal des Servers ist nicht erreichbar. Prüfen Sie das Netz.
channel_tls = Es gibt keine sichere Verbindung zum Live-Kanal des Servers: Seinem Zertifikat wird nicht vertraut. Prüfen Sie das Netz.
channel_pin_mismatch = Das Zertifikat des Live-Kanals des Servers hat keinen der Schlüssel, die dieses Programm erwartet, oder dessen Liste ist veraltet. Aktualisieren Sie dieses Programm, oder versuchen Sie es in einem anderen Netz.
channel_not_found = Der Server hat unter dieser Adresse keinen Live-Kanal. Prüfen Sie die Einstellungen des Programms.
channel_protocol = Der Live-Kanal des Servers antwortet nicht, wie er soll. Versuchen Sie es später erneut.
channel_refused = Der Server lässt diesen Bildschirm nicht auf eine Freigabe warten. Wenden Sie sich an seinen Support.
channel_failed = Der Live-Kanal hat versagt. Melden Sie es.
qr-question = Ein Bildschirm in { $place } wird als { $account } angemeldet. Geben Sie ihn nur frei, wenn er vor Ihnen steht.
qr-question-unknown = Ein Bildschirm an einem unbekannten Ort wird als { $account } angemeldet. Geben Sie ihn nur frei, wenn er vor Ihnen steht.
qr-risk-address_unknown = Der Server sagt nicht, wo dieser Bildschirm ist.
qr-risk-address_differs = Dieser Bildschirm ist in einem anderen Netz als dieses Gerät.
qr-risk-nearly_expired = Der Code läuft in wenigen Sekunden ab.
qr-risk-host_not_named = Der Code sagt nicht, zu welcher Seite er gehört.
qr-risk-recent_approval = Sie haben eben erst eine andere Anmeldung freigegeben.
qr-risk-not_from_camera = Der Code wurde nicht von einem Bildschirm gescannt. Jemand kann ihn Ihnen geschickt haben.
qr-risk-other = Es gibt einen weiteren Grund, genau hinzusehen.

## Zeiten

wait-hours = { $count } h
wait-minutes = { $count } min
wait-seconds = { $count } s
