# Lo que falla en un inicio de sesión o en una sesión: para b2auth y para apps. Las reglas están en en/errors.ftl.

## Lo que el usuario puede corregir

wrong_credentials = El correo o la contraseña no son correctos. Compruebe ambos e inténtelo de nuevo.
    .left = El correo o la contraseña no son correctos. Compruebe ambos e inténtelo de nuevo. Intentos restantes: { $attempts }.
wrong_code = El código es incorrecto o ha caducado. Introduzca el actual.
    .left = El código es incorrecto o ha caducado. Introduzca el actual. Intentos restantes: { $attempts }.
password_refused = El servidor no acepta esta contraseña nueva. Elija otra.
recaptcha_required = El servidor pide un reCAPTCHA. Resuélvalo e inténtelo de nuevo.
recaptcha_refused = No se ha aceptado el reCAPTCHA. Resuelva uno nuevo.
method_not_available = Este método de dos factores no está activado para la cuenta. Elija otro.
invalid_input =
    .email_needed = Introduzca la dirección de correo.
    .no_email = Esto no es una dirección de correo. Compruébela.
    .password_needed = Introduzca la contraseña.
    .new_password_needed = Introduzca una contraseña nueva.
    .code_needed = Introduzca el código.
    .code_not_digits = Un código solo tiene cifras. Compruébelo.
    .code_not_letters_or_digits = Un código solo tiene letras y cifras. Compruébelo.

## Lo que decide el servidor

locked_out = Demasiados intentos; inténtelo de nuevo dentro de { $wait }.
refused = El servidor rechaza esta cuenta, dispositivo, red o método. Diríjase a su soporte.
sign_in_expired = Este inicio de sesión ha caducado; empiece de nuevo.
not_signed_in = Nadie ha iniciado sesión. Inicie sesión primero.
session_ended = La sesión ha terminado. Inicie sesión de nuevo.
reauthentication_required = El servidor no ha renovado la sesión. Inicie sesión de nuevo.
session_replaced = Mientras tanto, alguien ha iniciado o cerrado sesión aquí. Vuelva a cargar la sesión.

## La red, y servidores que no responden como deben

unreachable = No se puede llegar al servidor. Compruebe su dirección y la red.
tls = No hay conexión segura con el servidor: su certificado no es de confianza. Compruebe su dirección y la red.
pin_mismatch = El certificado del servidor no tiene ninguna de las claves que este programa espera, o su lista está anticuada. Puede que alguien esté leyendo la conexión, o que el servidor tenga claves nuevas. Actualice este programa o pruebe con otra red.
interrupted = La conexión se cortó antes de completarse la respuesta. Inténtelo de nuevo.
timed_out = El servidor no ha respondido a tiempo. Inténtelo de nuevo.
too_large = La respuesta es mayor que cualquiera de B2Core. Compruebe la dirección del servidor.
not_http = Lo que responde no habla HTTP. Compruebe la dirección del servidor.
transport_failed = La conexión ha fallado por un motivo desconocido. Comuníquelo.
host_failed = El servidor tiene un problema (HTTP { $status }). Inténtelo más tarde.
    .wait = El servidor tiene un problema (HTTP { $status }). Inténtelo de nuevo dentro de { $wait }.
backing_off = El servidor ha tenido un problema hace un momento. Inténtelo de nuevo en { $wait }.
not_b2core = Lo que responde no es B2Core. Compruebe la dirección del servidor y la red.
# $to: la dirección del otro servidor
redirected = La dirección del servidor lleva a otro sitio. Compruébela.
blocked_by_gateway = Una protección delante del servidor rechazó este programa. El operador del servidor debe dejarlo pasar.
    .proxy = El proxy pide usuario y contraseña. Escríbalos en la dirección del proxy.
    .portal = Esta red pide que inicie sesión en ella primero. Hágalo en un navegador e inténtelo de nuevo.
protocol = El servidor ha respondido de un modo desconocido. Actualice este programa o comuníquelo.

## Este dispositivo

store_unavailable = Los inicios de sesión guardados no están disponibles ahora. Inténtelo de nuevo en un momento.
store_wrong_key = El almacén se selló con otra clave o frase de contraseña. Utilice esa.
store_key_missing = Las sesiones del almacén no se pueden abrir sin su archivo de clave. Devuélvalo a su lugar.
not_a_store = En el lugar del almacén hay un archivo de otro programa, que se ha dejado como estaba. Llévelo a otra parte o elija otro lugar.
store_corrupt = Un registro guardado está dañado y ya no se usa. Inicie sesión de nuevo.
store_newer = El almacén lo escribió una versión más nueva. Actualice este programa.
store_io = No se puede leer o escribir el almacén. Compruebe su lugar, sus permisos y el espacio libre.
store_failed = El almacén ha fallado. Comuníquelo.
not_saved = El servidor ha respondido, pero no se ha podido guardar la sesión. Compruebe el almacenamiento de este dispositivo y después inicie sesión de nuevo.
busy = Se está enviando otra respuesta. Espere a que termine.
stale_step = El inicio de sesión ha avanzado. Siga desde donde está ahora.
cancelled = Cancelado. Inténtelo de nuevo cuando quiera.
setup = Este programa no está bien configurado para su servidor. Comuníquelo.

## Inicio de sesión con código QR

not_available = El servidor no ofrece inicio de sesión con código QR. Inicie sesión con su contraseña.
not_a_qr_code = Este no es un código de inicio de sesión. Escanee el código de la página de inicio de sesión.
qr_other_host = Este código pertenece a otro sitio. No lo apruebe.
qr_expired = El código ha caducado. Escanee el nuevo.
qr_already_used = Este código ya se ha usado. Escanee uno nuevo.
qr_already_decided = Ya ha decidido sobre este código. Escanee uno nuevo.
qr_not_confirmed = No se ha aprobado nada, porque no se confirmó en este dispositivo. Inténtelo de nuevo.
qr_unauthorized = El servidor ya no acepta esta sesión. Inicie sesión de nuevo y escanee después el código.
qr_uncertain = El servidor no ha dicho si aceptó la aprobación. Mire la otra pantalla; si no ha iniciado sesión, escanee un código nuevo.
qr_authorization_used = Otra persona ha usado esta aprobación. Revise los dispositivos de la cuenta y cierre la sesión en los que no conozca.
qr_no_code = Ahora no se muestra ningún código. Espere al siguiente.
channel_unreachable = No se puede llegar al canal en vivo del servidor. Compruebe la red.
channel_tls = No hay conexión segura con el canal en vivo del servidor: su certificado no es de confianza. Compruebe la red.
channel_pin_mismatch = El certificado del canal en vivo del servidor no tiene ninguna de las claves que este programa espera, o su lista está anticuada. Actualice este programa o pruebe con otra red.
channel_not_found = El servidor no tiene canal en vivo en esta dirección. Compruebe los ajustes del programa.
channel_protocol = El canal en vivo del servidor no responde como debería. Inténtelo más tarde.
channel_refused = El servidor no deja que esta pantalla espere una aprobación. Contacte con su soporte.
channel_failed = El canal en vivo ha fallado. Comuníquelo.
qr-question = Una pantalla en { $place } iniciará sesión como { $account }. Apruébela solo si la tiene delante.
qr-question-unknown = Una pantalla en un lugar desconocido iniciará sesión como { $account }. Apruébela solo si la tiene delante.
qr-risk-address_unknown = El servidor no dice dónde está esa pantalla.
qr-risk-address_differs = Esa pantalla está en otra red que este dispositivo.
qr-risk-nearly_expired = El código caduca en unos segundos.
qr-risk-host_not_named = El código no dice a qué sitio pertenece.
qr-risk-recent_approval = Hace un momento aprobó otro inicio de sesión.
qr-risk-not_from_camera = El código no se escaneó de una pantalla. Puede que alguien se lo haya enviado.
qr-risk-other = Hay otra razón para fijarse bien.

## Tiempos

wait-hours = { $count } h
wait-minutes = { $count } min
wait-seconds = { $count } s
