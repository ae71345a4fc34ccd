// The peer: a bare socket.io server from npm doing the same fan-out, without a record, rules or pages.
// Started by bench/peers.py with NODE_PATH pointing at the packages the build fetched; prints its port.
const { createServer } = require("http");
const { Server } = require("socket.io");

const counts = {};
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const card = JSON.parse(body || "{}");
    const table = request.url.split("/")[2];
    counts[table] = (counts[table] || 0) + 1;
    const answer = JSON.stringify({ seq: counts[table], id: card.command_id });
    response.writeHead(201, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(answer) });
    response.end(answer);
    const topic = "table:" + table;
    const html = `<p id="count-${table}" class="small dim num" data-announce>${counts[table]} carte al tavolo</p>`;
    sockets.to(topic).emit("push", { topic, after: `a:${counts[table] - 1}`, version: `a:${counts[table]}`, html });
  });
});
const sockets = new Server(server, { transports: ["websocket"] });
sockets.on("connection", (socket) => {
  socket.on("listen", ({ topic }, done) => {
    socket.join(topic);
    done({ version: "a:0" });
  });
});
server.keepAliveTimeout = 60000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
