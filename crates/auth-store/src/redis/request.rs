//! A request as the connections take it.

use super::{scripts::Script, target::Connection};
use redis::{
    Cmd, ErrorKind, Pipeline, RedisResult, ServerErrorKind, Value,
    aio::ConnectionLike,
    cluster_async::ClusterConnection,
    cluster_routing::{RoutingInfo, SingleNodeRoutingInfo},
};
use tokio::task::JoinSet;

/// What is asked of the server. The answer has a value a command.
#[derive(Clone)]
pub(super) enum Request {
    /// One command.
    One(Cmd),
    /// Many commands on a key each, whose order does not matter.
    Many(Vec<Cmd>),
    /// A script. Its keys are on one node.
    Script { script: &'static Script, keys: Vec<String>, arguments: Vec<Vec<u8>> },
    /// A command for one node of a cluster; elsewhere, for the only one.
    Node(SingleNodeRoutingInfo, Cmd),
    /// Waits until so many replicas have what was written by this connection, so many milliseconds at most.
    Wait(u32, u64),
}

impl Request {
    pub(super) async fn send(&self, connection: &mut Connection) -> RedisResult<Vec<Value>> {
        match self {
            Self::One(command) => one(connection, command).await,
            Self::Many(commands) => match connection {
                Connection::One(connection) => {
                    let mut pipeline = Pipeline::with_capacity(commands.len());
                    for command in commands {
                        pipeline.add_command(command.clone());
                    }
                    connection.req_packed_commands(&pipeline, 0, commands.len()).await
                }
                Connection::Cluster(connection) => on_their_nodes(connection, commands).await,
            },
            Self::Script { script, keys, arguments } => {
                let by_name =
                    one(connection, &script.command("EVALSHA", &script.hash, keys, arguments)).await;
                match by_name {
                    // A new server, or one that forgets: from now on it knows it.
                    Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                        one(connection, &script.command("EVAL", script.text, keys, arguments)).await
                    }
                    answer => answer,
                }
            }
            Self::Node(node, command) => match connection {
                Connection::One(_) => one(connection, command).await,
                Connection::Cluster(connection) => {
                    let routing = RoutingInfo::SingleNode(node.clone());
                    connection.route_command(command.clone(), routing).await.map(|value| vec![value])
                }
            },
            Self::Wait(replicas, limit) => {
                let mut command = redis::cmd("WAIT");
                command.arg(*replicas).arg(*limit);
                one(connection, &command).await
            }
        }
    }
}

async fn one(connection: &mut Connection, command: &Cmd) -> RedisResult<Vec<Value>> {
    let value = match connection {
        Connection::One(connection) => connection.req_packed_command(command).await?,
        Connection::Cluster(connection) => connection.req_packed_command(command).await?,
    };
    value.extract_error().map(|value| vec![value])
}

/// A pipeline of a cluster goes to one node, so these go by themselves, all at once.
async fn on_their_nodes(connection: &ClusterConnection, commands: &[Cmd]) -> RedisResult<Vec<Value>> {
    let mut sent = JoinSet::new();
    for (n, command) in commands.iter().cloned().enumerate() {
        let mut connection = connection.clone();
        sent.spawn(async move { (n, connection.req_packed_command(&command).await) });
    }
    let mut values = vec![Value::Nil; commands.len()];
    while let Some(done) = sent.join_next().await {
        let (n, value) = done.map_err(|_| std::io::Error::from(std::io::ErrorKind::Interrupted))?;
        values[n] = value?;
    }
    Ok(values)
}
