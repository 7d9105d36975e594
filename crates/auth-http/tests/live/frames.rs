//! Websocket frames by hand: not the library that is tested.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A frame of a client: its opcode and its text. Nothing at the end of the connection.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<(u8, String)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.ok()?;
    assert_ne!(head[1] & 0x80, 0, "a client masks its frames");
    let length = match head[1] & 0x7f {
        126 => usize::from(stream.read_u16().await.ok()?),
        127 => panic!("nothing of a client is so long"),
        length => usize::from(length),
    };
    let mut mask = [0; 4];
    stream.read_exact(&mut mask).await.ok()?;
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).await.ok()?;
    for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    Some((head[0] & 0x0f, String::from_utf8_lossy(&payload).into_owned()))
}

/// A frame of a server. A packet that begins with `b` is sent as binary.
pub(crate) fn frame(packet: &str) -> Vec<u8> {
    let (opcode, payload) = match packet.strip_prefix('b') {
        Some(rest) => (0x82, rest.as_bytes()),
        None => (0x81, packet.as_bytes()),
    };
    let mut bytes = vec![opcode];
    match payload.len() {
        length @ 0..126 => bytes.push(length as u8),
        length @ 126..65536 => {
            bytes.push(126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            bytes.push(127);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// Writes all at once, or one byte after the other.
pub(crate) async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8], slow: bool) -> Option<()> {
    if !slow {
        stream.write_all(bytes).await.ok()?;
        return stream.flush().await.ok();
    }
    for byte in bytes {
        stream.write_all(&[*byte]).await.ok()?;
        stream.flush().await.ok()?;
        tokio::task::yield_now().await;
    }
    Some(())
}
