// node plain-node-server.js <port> <file> <headers as JSON>: answers every request with the file's bytes.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file, headers] = process.argv.slice(2);
const body = readFileSync(file);
const all = { ...JSON.parse(headers), 'content-length': body.length };

createServer((_, response) => {
  response.writeHead(200, all);
  response.end(body);
}).listen(Number(port), '127.0.0.1');
