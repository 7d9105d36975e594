//! The least program that gives a token which many processes share: a JSON file, and when its token is over a lock, a second
//! look, a refresh, and a durable save. Arguments: the file, the host's port.

use serde::{Deserialize, Serialize};
use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

#[derive(Serialize, Deserialize)]
struct Kept {
    access_token: String,
    refresh_token: String,
    expires_at: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pair {
    access_token: Token,
    refresh_token: Token,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn kept(path: &Path) -> Kept {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

fn refresh(port: &str, token: &str) -> Pair {
    let body = serde_json::json!({"refreshToken": token}).to_string();
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("a host");
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        floor::REFRESHED.0,
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).expect("a host that reads");
    let mut answer = vec![0; 16 * 1024];
    let mut filled = 0;
    loop {
        filled += stream.read(&mut answer[filled..]).expect("a host that answers");
        let text = String::from_utf8_lossy(&answer[..filled]);
        if let Some((_, body)) = text.split_once("\r\n\r\n")
            && let Ok(pair) = serde_json::from_str(body)
        {
            return pair;
        }
    }
}

fn save(path: &Path, kept: &Kept) {
    let folder = path.parent().expect("a folder");
    let mut file = tempfile::NamedTempFile::new_in(folder).expect("a file");
    file.write_all(&serde_json::to_vec(kept).expect("plain data")).expect("room");
    file.as_file().sync_all().expect("a disk");
    file.persist(path).expect("a folder to write to");
    fs::File::open(folder).and_then(|folder| folder.sync_all()).expect("a folder");
}

fn token(path: &Path, port: &str) -> String {
    let first = kept(path);
    if first.expires_at > now() {
        return first.access_token;
    }
    let lock =
        fs::OpenOptions::new().create(true).truncate(false).write(true).open(path.with_extension("lock"));
    let lock = lock.expect("a lock file");
    lock.lock().expect("a lock");
    let again = kept(path);
    if again.expires_at > now() {
        return again.access_token;
    }
    let pair = refresh(port, &again.refresh_token);
    let kept = Kept {
        access_token: pair.access_token.token,
        refresh_token: pair.refresh_token.token,
        expires_at: now() + 900,
    };
    save(path, &kept);
    kept.access_token
}

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let [path, port] = &args[..] else { panic!("give a file and a port") };
    println!("{}", token(Path::new(path), port));
}
