# Lo que solo dice la orden b2auth. Las reglas están en en/errors.ftl.

host-says = El servidor dice: { $text }
redirected-to = La dirección del servidor lleva a { $to }. Si es el servidor correcto, use esa dirección.
use-host = Indíquela con --host { $host }
other-keys = El certificado del servidor no tiene ninguna de las claves indicadas con --pin, o estas han caducado. Puede que alguien esté leyendo la conexión, o que el servidor tenga claves nuevas. Pregunte a su operador antes de cambiar los pines.

## Llamadas incorrectas

usage = Llamada incorrecta: { $problem }
    .no_command = Indique una orden: signin, token, refresh, run, qr, status, accounts, keep-alive, signout, store, pins, sandbox, demo, completions o man.
    .no_host = Indique el servidor con --host o B2AUTH_HOST.
    .host_scheme = El servidor (--host) debe empezar por https://.
    .host_plain_http = El http simple es solo para esta máquina. Use https en --host.
    .host_user_info = El servidor (--host) no debe llevar nombre de usuario ni contraseña.
    .host_query = El servidor (--host) no debe llevar consulta ni fragmento.
    .host_name = El nombre del servidor (--host) no es válido. Escriba un nombre internacional en su forma xn--.
    .host_port = El puerto del servidor (--host) debe ser un número de 1 a 65535.
    .host_path = La ruta del servidor (--host) tiene caracteres o partes que no se permiten.
    .ca_file = No se puede usar el archivo { $file } (--ca-file): { $problem }
    .pins = No se pueden usar los pines (--pin): { $problem }
    .pin_host = Indique con --host o B2AUTH_HOST el servidor al que pertenecen los pines.
    .pin_expires = La opción --pin-expires es para pines. Indíquelos con --pin.
    .memory_store = El almacén memory termina con este proceso, y la sesión con él. Indique otro con --store file:PATH.
    .copy_memory = El almacén memory no tiene nada que copiar y no guarda nada. Indique file:PATH, keyring, sqlite:PATH o redis://HOST.
    .copy_same = Los dos almacenes son el mismo. Indique otro como destino.
    .copy_differs = La cuenta en { $host } (oficina { $office }, perfil { $profile }) tiene otra sesión en el almacén de destino. No se ha copiado nada. Sustituya lo que difiere con --replace.
    .rekey_memory = El almacén memory no tiene clave. Indique file:PATH, sqlite:PATH o redis://HOST.
    .rekey_keyring = El llavero no tiene clave nuestra. Su propia contraseña se cambia con las herramientas del sistema.
    .rekey_key = El almacén se va a sellar de nuevo, y no se dice con qué. Indique --new-passphrase-file FILE o --new-key-file.
    .redis_key = Un almacén de Redis se sella con una frase de contraseña que tienen todos los que lo comparten. Defina B2AUTH_STORE_KEY_FILE o B2AUTH_STORE_KEY.
    .redis_two_keys = La URL del almacén indica el llavero para su clave, y también hay una frase de contraseña. Quite key=keyring, o no defina B2AUTH_STORE_KEY ni B2AUTH_STORE_KEY_FILE.
    .redis_user = La URL del almacén indica un usuario y ninguna contraseña. Añada password-file=FILE.
    .redis_aside = Un almacén de Redis no se aparta, porque otros lo comparten. Indique otro prefijo en la URL (?prefix=NAME) o borre sus registros.
    .redis_rekey = Un almacén de Redis no tiene archivo de clave. Séllelo de nuevo con --new-passphrase-file FILE.
    .store_ca_file = No se pueden leer los certificados de { $file } (B2AUTH_STORE_CA_FILE): { $problem }
    .ignored_option = La orden { $command } no hace nada con { $option }. No la ponga.
    .totp_file = El archivo { $file } (--totp-secret-file) no se puede usar: { $problem }
    .no_home = No hay carpeta de usuario. Indique un almacén con --store file:PATH.
    .empty_variable = { $variable } está definida, pero vacía: lo que debía llevar no ha llegado. Defínala de nuevo o quítela.
    .secret_file = El archivo { $file } ({ $option }) no sirve: { $problem }
    .secret_file_open = Otros pueden leer { $file } ({ $option }). Hágalo solo suyo, con los permisos 0600.
    .two_store_keys = B2AUTH_STORE_KEY y B2AUTH_STORE_KEY_FILE están definidas a la vez. Quite una de ellas.
    .store_key = B2AUTH_STORE_KEY no es un texto válido. Defínala de nuevo.
    .other_account = El inicio de sesión pendiente es de { $account }. Omita --resume para empezar de nuevo.
    .resume_forgotten = Hay un inicio de sesión pendiente. Siga con --resume, o empiece de nuevo con --password-stdin.
    .password_unreadable = No se puede leer la contraseña de la entrada estándar.
    .password_missing = Se esperaba la contraseña en la entrada estándar, y no llegó nada.
    .new_password_unreadable = No se puede leer la contraseña nueva de la entrada estándar.
    .new_password_missing = Se esperaba la contraseña nueva en la entrada estándar, y no llegó nada.
    .picture_file = El archivo { $file } (--image) no se puede leer: { $problem }
    .qr_text_unreadable = El texto del código no se puede leer de la entrada estándar.
    .qr_text_missing = Se esperaba el texto del código en la entrada estándar y no llegó nada.
    .qr_nobody = No hay ningún terminal donde mostrar el código. Use --json, --svg o --png.

## Lo demás que termina una orden

nothing_pending = No hay ningún inicio de sesión pendiente. Empiece uno con b2auth signin.
unsupported_workflow = El servidor pide un paso que b2auth no conoce ({ $workflow }). Inicie sesión con un navegador.
unanswered = La pregunta quedó sin respuesta. Si había un inicio de sesión en curso, siga con b2auth signin --resume.
code_command = El programa { $program } (--code-command) no dio ningún código: { $problem }. Siga con b2auth signin --resume.
command_not_found = No existe la orden { $command }. Compruebe su nombre y la ruta de búsqueda.
command_not_run = No se puede ejecutar la orden { $command }: { $problem }
output = No se puede escribir en la salida estándar: { $problem }
runtime = El entorno de ejecución no puede arrancar: { $problem }
build = A este b2auth le falta una parte que necesita: { $problem }
sandbox = El servidor de pruebas no puede funcionar: { $problem }
signals = Este comando no puede terminarse con una señal: { $problem }
demo = La demostración no puede seguir: { $problem }
qr_declined = El inicio de sesión se rechazó en el dispositivo que escaneó el código. Si fue un error, muestre un código nuevo.
qr_too_long = El texto es demasiado largo para un código QR. Elija uno más corto con --qr-option payload=id.
picture_unknown = El archivo no es PNG ni JPEG. Convierta la imagen.
picture_damaged = La imagen está dañada. Haga una nueva.
picture_too_large = La imagen supera los 16 MiB o los 64 millones de píxeles. Recorte el código.
picture_without_code = No hay ningún código QR en la imagen. Haga una que muestre el código entero con su margen claro.
picture_with_several_codes = Hay varios códigos QR en la imagen. Recorte el que corresponda.
picture_code_unreadable = El código QR de la imagen no se puede leer. Haga una imagen más nítida, de frente.

## Lo que hace falta ahora

need-credentials = Hacen falta el correo y la contraseña: { $command }
need-recaptcha = Hace falta una respuesta reCAPTCHA: { $command }
need-method = Hace falta un método de dos factores: { $command }
need-code = Hace falta un código ({ $method }): { $command }
need-mailed-code = Hace falta el código enviado por { $provider }: { $command }
need-reset-code = Hay que restablecer la contraseña. Hace falta el código del correo: { $command }
need-new-password = Hace falta una contraseña nueva: { $command }
need-approval = Alguien tiene que aprobarlo en un terminal. Para aprobar sin preguntar, use --yes.

## Notas

waiting = { $host } aún no ha respondido. Se espera hasta { $wait }.
pin-in-reserve = Indique al menos dos pines: uno de los que se muestran aquí y el de una clave que se guarde en reserva.
signed-in-all-the-same = Aun así ha iniciado sesión como { $account }: la sesión está guardada.
refreshed-all-the-same = Aun así la sesión se ha renovado.
signed-out-all-the-same = Aun así la sesión se ha cerrado.
approved-all-the-same = Aun así se ha dado la aprobación.
store-io-at = { $path }: { $problem }. Compruebe el lugar del almacén, sus permisos y el espacio libre.
not-a-store-at = { $path } es un archivo de otro programa y se ha dejado como estaba. Llévelo a otra parte o elija otro lugar.
store-key-missing-at = Las sesiones del almacén no se pueden abrir sin su archivo de clave { $path }: { $problem }. Devuélvalo a su lugar.
store-reason = El motivo: { $problem }.
lost-key = Si la clave se ha perdido para siempre, inicie sesión de nuevo con b2auth signin --set-store-aside, que conserva el almacén antiguo.
store-copy-changed = Los registros se han copiado, pero el almacén estuvo en uso mientras tanto y ya tiene otros más nuevos. Detenga lo que lo usa y copie de nuevo con --replace.
store-set-aside = El almacén antiguo se conserva como { $file }.
store-not-set-aside = El almacén se puede abrir y queda en su lugar.
keyring-given-up = El llavero ya no tiene el almacén antiguo. Se ha abandonado.
copy-is-used = Desde ahora b2auth usa { $store } cuando no se indica ningún almacén.
lost-keyring = El llavero no tiene las sesiones que se guardaban en él. Si se han perdido para siempre, inicie sesión de nuevo con b2auth signin --set-store-aside.
status-store-file = Almacén: archivo cifrado { $path }, con el archivo de clave al lado. Protege una copia del archivo sin su clave, no frente a programas de este usuario.
status-store-file-passphrase = Almacén: archivo cifrado { $path }, sellado con una frase de contraseña. Protege el archivo de quien no tenga la frase.
status-store-database = Almacén: base de datos cifrada { $path }, con el archivo de clave al lado. Protege una copia de la base de datos sin su clave, no frente a programas de este usuario.
status-store-database-passphrase = Almacén: base de datos cifrada { $path }, sellada con una frase de contraseña. Protege la base de datos de quien no tenga la frase.
status-store-keyring = Almacén: el llavero del sistema, entradas { $name }. Protege las sesiones mientras el llavero está bloqueado, no frente a programas de este usuario mientras está desbloqueado.
status-store-redis = Almacén: Redis en { $place }, sellado con una frase de contraseña. Protege las sesiones de quien vea el servidor, sus copias o la red y no tenga la frase.
status-store-redis-keyring = Almacén: Redis en { $place }, sellado con una clave del llavero del sistema. Protege las sesiones de quien vea el servidor, sus copias o la red, no frente a programas de este usuario mientras el llavero está desbloqueado.
status-store-memory = Almacén: memory. Termina con este proceso.
secret-on-mount = Otros en este equipo pueden leer { $file } ({ $option }). Se acepta de todos modos: está montado solo para lectura.
not-revoked = La sesión se ha cerrado aquí, pero el servidor no lo ha confirmado. Sus tokens pueden valer hasta que caduquen.
revoked-later = La sesión se ha cerrado aquí. El servidor aún no lo ha confirmado; la próxima orden que lo encuentre se lo dirá de nuevo.
signed-out-unread = Sesión cerrada aquí, pero un registro guardado estaba dañado: sus tokens no se conocen y no se han revocado. Es posible que sirvan hasta que caduquen.
store-not-listed = El almacén está dañado y no se puede saber quién tiene la sesión iniciada. Ejecute b2auth status, que aparta lo dañado, y después repita esta orden.
method-not-enabled = El método { $method } no está activado para esta cuenta.
other-method = El servidor pide un código por { $method }, no por el método indicado.
not-the-same = Los dos no son iguales.

## Inicio de sesión con QR

qr-scan = Escanee este código con un dispositivo que tenga la sesión iniciada en { $host } y apruébelo.
qr-this-screen = El servidor ve esta pantalla como { $place }. El otro dispositivo debería mostrar lo mismo.
qr-this-screen-unknown = El servidor no dice dónde ve esta pantalla.
qr-narrow = El terminal es demasiado estrecho para el código. Amplíelo a { $columns } columnas y empiece de nuevo, o use --png.
qr-in-file = El código está en { $file }.
qr-renewed-in = El código se renueva dentro de { $wait }.
qr-new-code = El código ha caducado. Enseguida llega otro.
qr-connection-lost = La conexión se interrumpió. Enseguida llega otro código.
qr-approved-late = La aprobación llegó tarde. Enseguida llega otro código.
qr-approved = Aprobado. Iniciando sesión.
qr-account = Cuenta: { $account }
qr-host = Sitio: { $host }
qr-address = Dirección de la pantalla: { $ip }
qr-place = Lugar de la pantalla: { $place }
qr-device = Programa de la pantalla: { $device }
qr-made = Código creado: { $date }
qr-expires = Caducidad del código: { $date }
qr-unknown = desconocido
