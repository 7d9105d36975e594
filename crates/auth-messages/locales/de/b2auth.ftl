# Was nur der Befehl b2auth sagt. Die Regeln stehen in en/errors.ftl.

host-says = Der Server sagt: { $text }
redirected-to = Die Adresse des Servers führt zu { $to }. Ist das der richtige Server, verwenden Sie diese Adresse.
use-host = Nennen Sie sie mit --host { $host }
other-keys = Das Zertifikat des Servers hat keinen der Schlüssel, die mit --pin genannt sind, oder diese sind abgelaufen. Vielleicht liest jemand mit, oder der Server hat neue Schlüssel. Fragen Sie seinen Betreiber, bevor Sie die Pins ändern.

## Falsche Aufrufe

usage = Falscher Aufruf: { $problem }
    .no_command = Nennen Sie einen Befehl: signin, token, refresh, run, qr, status, accounts, keep-alive, signout, store, pins, sandbox, demo, completions oder man.
    .no_host = Nennen Sie den Server mit --host oder B2AUTH_HOST.
    .host_scheme = Der Server (--host) muss mit https:// beginnen.
    .host_plain_http = Einfaches http ist nur für diesen Rechner. Verwenden Sie https für --host.
    .host_user_info = Der Server (--host) darf keinen Benutzernamen und kein Passwort enthalten.
    .host_query = Der Server (--host) darf keine Abfrage und kein Fragment enthalten.
    .host_name = Der Name des Servers (--host) ist ungültig. Schreiben Sie einen internationalen Namen in seiner xn---Form.
    .host_port = Der Port des Servers (--host) muss eine Zahl von 1 bis 65535 sein.
    .host_path = Der Pfad des Servers (--host) hat Zeichen oder Teile, die nicht erlaubt sind.
    .ca_file = Die Datei { $file } (--ca-file) ist nicht verwendbar: { $problem }
    .pins = Die Pins (--pin) sind nicht verwendbar: { $problem }
    .pin_host = Nennen Sie mit --host oder B2AUTH_HOST den Server, dessen Pins das sind.
    .pin_expires = Die Option --pin-expires gilt für Pins. Geben Sie sie mit --pin an.
    .memory_store = Der Speicher memory endet mit diesem Prozess, und die Sitzung mit ihm. Nennen Sie einen anderen mit --store file:PATH.
    .copy_memory = Der Speicher memory hat nichts zu kopieren und behält nichts. Nennen Sie file:PATH, keyring, sqlite:PATH oder redis://HOST.
    .copy_same = Beide Speicher sind derselbe. Nennen Sie einen anderen als Ziel.
    .copy_differs = Das Konto bei { $host } (Office { $office }, Profil { $profile }) hat im Ziel eine andere Sitzung. Nichts wurde kopiert. Ersetzen Sie mit --replace, was dort abweicht.
    .rekey_memory = Der Speicher memory hat keinen Schlüssel. Nennen Sie file:PATH, sqlite:PATH oder redis://HOST.
    .rekey_keyring = Der Schlüsselbund hat keinen Schlüssel von uns. Sein eigenes Passwort wird mit den Werkzeugen des Systems geändert.
    .rekey_key = Der Speicher soll neu versiegelt werden, und es ist nicht gesagt, womit. Geben Sie --new-passphrase-file FILE oder --new-key-file an.
    .redis_key = Ein Redis-Speicher wird mit einer Passphrase versiegelt, die alle haben, die ihn teilen. Setzen Sie B2AUTH_STORE_KEY_FILE oder B2AUTH_STORE_KEY.
    .redis_two_keys = Die URL des Speichers nennt für den Schlüssel den Schlüsselbund, und eine Passphrase ist auch gesetzt. Nehmen Sie key=keyring heraus, oder setzen Sie B2AUTH_STORE_KEY und B2AUTH_STORE_KEY_FILE nicht.
    .redis_user = Die URL des Speichers nennt einen Benutzer und kein Passwort. Ergänzen Sie password-file=FILE.
    .redis_aside = Ein Redis-Speicher wird nicht beiseitegelegt, da andere ihn teilen. Geben Sie in der URL ein anderes Präfix an (?prefix=NAME), oder entfernen Sie seine Einträge.
    .redis_rekey = Ein Redis-Speicher hat keine Schlüsseldatei. Versiegeln Sie ihn neu mit --new-passphrase-file FILE.
    .store_ca_file = Die Zertifikate in { $file } (B2AUTH_STORE_CA_FILE) können nicht gelesen werden: { $problem }
    .ignored_option = Der Befehl { $command } tut nichts mit { $option }. Lassen Sie es weg.
    .totp_file = Die Datei { $file } (--totp-secret-file) ist nicht verwendbar: { $problem }
    .no_home = Es gibt keinen Benutzerordner. Nennen Sie einen Speicher mit --store file:PATH.
    .empty_variable = { $variable } ist gesetzt, aber leer: Was sie enthalten soll, ist nicht angekommen. Setzen Sie sie neu, oder entfernen Sie sie.
    .secret_file = Die Datei { $file } ({ $option }) ist nicht brauchbar: { $problem }
    .secret_file_open = Andere können { $file } ({ $option }) lesen. Machen Sie die Datei zu Ihrer allein, mit den Rechten 0600.
    .two_store_keys = B2AUTH_STORE_KEY und B2AUTH_STORE_KEY_FILE sind beide gesetzt. Entfernen Sie eine davon.
    .store_key = B2AUTH_STORE_KEY ist kein gültiger Text. Setzen Sie es neu.
    .other_account = Die wartende Anmeldung gehört zu { $account }. Lassen Sie --resume weg, um neu zu beginnen.
    .resume_forgotten = Eine Anmeldung wartet. Setzen Sie sie mit --resume fort, oder beginnen Sie neu mit --password-stdin.
    .password_unreadable = Das Passwort kann nicht von der Standardeingabe gelesen werden.
    .password_missing = Das Passwort wurde auf der Standardeingabe erwartet, aber es kam nichts.
    .new_password_unreadable = Das neue Passwort kann nicht von der Standardeingabe gelesen werden.
    .new_password_missing = Das neue Passwort wurde auf der Standardeingabe erwartet, aber es kam nichts.
    .picture_file = Die Datei { $file } (--image) kann nicht gelesen werden: { $problem }
    .qr_text_unreadable = Der Text des Codes kann nicht von der Standardeingabe gelesen werden.
    .qr_text_missing = Der Text des Codes wurde auf der Standardeingabe erwartet, aber es kam nichts.
    .qr_nobody = Es gibt kein Terminal, das den Code zeigen könnte. Verwenden Sie --json, --svg oder --png.

## Was einen Befehl sonst beendet

nothing_pending = Keine Anmeldung wartet. Beginnen Sie eine mit b2auth signin.
unsupported_workflow = Der Server verlangt einen Schritt, den b2auth nicht kennt ({ $workflow }). Melden Sie sich mit einem Browser an.
unanswered = Die Frage wurde nicht beantwortet. War eine Anmeldung im Gange, setzen Sie sie mit b2auth signin --resume fort.
code_command = Das Programm { $program } (--code-command) gab keinen Code: { $problem }. Machen Sie mit b2auth signin --resume weiter.
command_not_found = Es gibt keinen Befehl { $command }. Prüfen Sie seinen Namen und den Suchpfad.
command_not_run = Der Befehl { $command } kann nicht ausgeführt werden: { $problem }
output = In die Standardausgabe kann nicht geschrieben werden: { $problem }
runtime = Die Laufzeit kann nicht starten: { $problem }
build = Diesem b2auth fehlt ein Teil, den es braucht: { $problem }
sandbox = Die Sandbox kann nicht dienen: { $problem }
signals = Dieser Befehl kann nicht durch ein Signal beendet werden: { $problem }
demo = Die Vorführung kann nicht weitergehen: { $problem }
qr_declined = Die Anmeldung wurde auf dem Gerät abgelehnt, das den Code gescannt hat. War das ein Versehen, zeigen Sie einen neuen Code.
qr_too_long = Der Text ist für einen QR-Code zu lang. Wählen Sie einen kürzeren mit --qr-option payload=id.
picture_unknown = Die Datei ist weder ein PNG noch ein JPEG. Wandeln Sie das Bild um.
picture_damaged = Das Bild ist beschädigt. Nehmen Sie ein neues auf.
picture_too_large = Das Bild ist größer als 16 MiB oder 64 Millionen Pixel. Schneiden Sie den Code aus.
picture_without_code = Auf dem Bild ist kein QR-Code. Nehmen Sie eines auf, das den ganzen Code mit seinem hellen Rand zeigt.
picture_with_several_codes = Auf dem Bild sind mehrere QR-Codes. Schneiden Sie den gemeinten aus.
picture_code_unreadable = Der QR-Code auf dem Bild ist nicht lesbar. Nehmen Sie ein schärferes Bild auf, gerade von vorn.

## Was als Nächstes gebraucht wird

need-credentials = E-Mail und Passwort werden gebraucht: { $command }
need-recaptcha = Eine reCAPTCHA-Antwort wird gebraucht: { $command }
need-method = Eine Zwei-Faktor-Methode wird gebraucht: { $command }
need-code = Ein Code wird gebraucht ({ $method }): { $command }
need-mailed-code = Der Code, den { $provider } verschickt hat, wird gebraucht: { $command }
need-reset-code = Das Passwort muss zurückgesetzt werden. Der Code aus der E-Mail wird gebraucht: { $command }
need-new-password = Ein neues Passwort wird gebraucht: { $command }
need-approval = Jemand muss an einem Terminal freigeben. Zum Freigeben ohne Frage dient --yes.

## Hinweise

waiting = { $host } hat noch nicht geantwortet. Gewartet wird bis zu { $wait }.
pin-in-reserve = Geben Sie mindestens zwei Pins an: einen, der hier steht, und den eines Schlüssels, der in Reserve gehalten wird.
signed-in-all-the-same = Sie sind trotzdem als { $account } angemeldet: Die Sitzung ist gespeichert.
refreshed-all-the-same = Die Sitzung wurde trotzdem erneuert.
signed-out-all-the-same = Die Abmeldung ist trotzdem erfolgt.
approved-all-the-same = Die Freigabe ist trotzdem erfolgt.
store-io-at = { $path }: { $problem }. Prüfen Sie den Ort des Speichers, seine Rechte und den freien Platz.
not-a-store-at = { $path } ist die Datei eines anderen Programms und blieb, wie sie ist. Legen Sie sie anderswohin, oder wählen Sie einen anderen Ort.
store-key-missing-at = Ohne die Schlüsseldatei { $path } lassen sich die Sitzungen des Speichers nicht öffnen: { $problem }. Legen Sie sie wieder an ihren Ort.
store-reason = Der Grund: { $problem }.
lost-key = Ist der Schlüssel endgültig verloren, melden Sie sich mit b2auth signin --set-store-aside neu an; der alte Speicher bleibt erhalten.
store-copy-changed = Die Einträge wurden kopiert, aber der Speicher war inzwischen in Gebrauch und hat neuere. Beenden Sie, was ihn benutzt, und kopieren Sie noch einmal mit --replace.
store-set-aside = Der alte Speicher bleibt als { $file } erhalten.
store-not-set-aside = Der Speicher lässt sich öffnen und bleibt an seinem Ort.
keyring-given-up = Der Schlüsselbund hat den alten Speicher nicht mehr. Er wurde aufgegeben.
copy-is-used = Von nun an verwendet b2auth { $store }, wo kein Speicher genannt ist.
lost-keyring = Der Schlüsselbund hat die Sitzungen nicht, die darin aufbewahrt wurden. Sind sie endgültig verloren, melden Sie sich mit b2auth signin --set-store-aside neu an.
status-store-file = Speicher: verschlüsselte Datei { $path }, Schlüsseldatei daneben. Er schützt eine Kopie der Datei ohne ihren Schlüssel, nicht vor Programmen dieses Benutzers.
status-store-file-passphrase = Speicher: verschlüsselte Datei { $path }, mit einer Passphrase versiegelt. Er schützt die Datei vor jedem, der die Passphrase nicht hat.
status-store-database = Speicher: verschlüsselte Datenbank { $path }, Schlüsseldatei daneben. Er schützt eine Kopie der Datenbank ohne ihren Schlüssel, nicht vor Programmen dieses Benutzers.
status-store-database-passphrase = Speicher: verschlüsselte Datenbank { $path }, mit einer Passphrase versiegelt. Er schützt die Datenbank vor jedem, der die Passphrase nicht hat.
status-store-keyring = Speicher: der Schlüsselbund des Systems, Einträge { $name }. Er schützt die Sitzungen, solange er gesperrt ist, nicht vor Programmen dieses Benutzers, solange er entsperrt ist.
status-store-redis = Speicher: Redis unter { $place }, mit einer Passphrase versiegelt. Er schützt die Sitzungen vor jedem, der den Server, seine Kopien oder die Leitung sieht und die Passphrase nicht hat.
status-store-redis-keyring = Speicher: Redis unter { $place }, mit einem Schlüssel im Schlüsselbund des Systems versiegelt. Er schützt die Sitzungen vor jedem, der den Server, seine Kopien oder die Leitung sieht, nicht vor Programmen dieses Benutzers, solange der Schlüsselbund entsperrt ist.
status-store-memory = Speicher: memory. Er endet mit diesem Prozess.
secret-on-mount = Andere auf diesem Gerät können { $file } ({ $option }) lesen. Die Datei wird trotzdem genommen: Sie ist nur lesbar eingehängt.
not-revoked = Hier abgemeldet, aber der Server hat es nicht bestätigt. Seine Tokens gelten vielleicht, bis sie ablaufen.
revoked-later = Hier abgemeldet. Der Server hat es noch nicht bestätigt; der nächste Befehl, der ihn erreicht, sagt es ihm noch einmal.
signed-out-unread = Hier abgemeldet, aber ein gespeicherter Eintrag war beschädigt: Seine Token sind nicht bekannt und wurden nicht widerrufen. Sie gelten womöglich, bis sie ablaufen.
store-not-listed = Der Speicher ist beschädigt, daher ist nicht zu sagen, wer angemeldet ist. Führen Sie b2auth status aus, das Beschädigtes beiseitelegt, und dann diesen Befehl erneut.
method-not-enabled = Die Methode { $method } ist für dieses Konto nicht eingerichtet.
other-method = Der Server verlangt einen Code über { $method }, nicht über die genannte Methode.
not-the-same = Die beiden sind nicht gleich.

## QR-Anmeldung

qr-scan = Scannen Sie diesen Code mit einem Gerät, das bei { $host } angemeldet ist, und geben Sie ihn frei.
qr-this-screen = Der Server sieht diesen Bildschirm als { $place }. Das andere Gerät sollte dasselbe zeigen.
qr-this-screen-unknown = Der Server sagt nicht, wo er diesen Bildschirm sieht.
qr-narrow = Das Terminal ist zu schmal für den Code. Machen Sie es { $columns } Spalten breit und beginnen Sie neu, oder verwenden Sie --png.
qr-in-file = Der Code ist in { $file }.
qr-renewed-in = Der Code wird in { $wait } erneuert.
qr-new-code = Der Code ist abgelaufen. Ein neuer folgt.
qr-connection-lost = Die Verbindung wurde unterbrochen. Ein neuer Code folgt.
qr-approved-late = Die Freigabe kam zu spät. Ein neuer Code folgt.
qr-approved = Freigegeben. Die Anmeldung läuft.
qr-account = Konto: { $account }
qr-host = Seite: { $host }
qr-address = Adresse des Bildschirms: { $ip }
qr-place = Ort des Bildschirms: { $place }
qr-device = Programm des Bildschirms: { $device }
qr-made = Code erstellt: { $date }
qr-expires = Code läuft ab: { $date }
qr-unknown = unbekannt
